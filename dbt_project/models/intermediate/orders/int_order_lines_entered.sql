{#- Grain: order line x entry (1 original, 2 reversal of a cancelled one), unsigned. A
    reversal takes back what is left of the line: what returns brought back by then has
    left already (a later return is held, T03). Gross of what came back goes by
    quantity; net and cost are those of the return lines, in both currencies, so that
    original, returns and reversal come to nothing, to the last unit. -#}

with lines as (
    select
        source_system,
        order_id,
        line_id,
        row_id,
        line_type,
        is_revenue_line,
        business_date,
        order_date,
        reversal_date,
        channel_code,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        partner_code,
        product_id,
        product_source_system,
        product_family_code,
        currency,
        quantity,
        unit_price,
        gross_amount,
        net_amount,
        is_discount_stated,
        unit_cost,
        cost_currency,
        cost_fx_rate,
        fx_rate
    from {{ ref('int_order_lines_costed') }}
),

returned as (
    select
        source_system,
        order_id,
        order_line_id as line_id,
        sum(quantity) as quantity,
        sum(net_amount) as net_amount
    from {{ ref('int_return_lines_judged') }}
    where verdict = 'accepted' and is_original_known
    group by source_system, order_id, order_line_id
),

entry_numbers as (
    select 1 as entry_no
    union all
    select 2 as entry_no
),

entered as (
    select
        lines.*,
        entry_numbers.entry_no,
        case
            when entry_numbers.entry_no = 1 then 0 else coalesce(returned.quantity, 0)
        end as back_quantity,
        case
            when entry_numbers.entry_no = 1 then 0 else coalesce(returned.net_amount, 0)
        end as back_net_amount
    from lines
    inner join entry_numbers
        on entry_numbers.entry_no = 1 or lines.reversal_date is not null
    left join returned
        on
            lines.source_system = returned.source_system
            and lines.order_id = returned.order_id
            and lines.line_id = returned.line_id
),

grossed as (
    select
        *,
        coalesce({{ money(rounded_div(
            wide_int(units('gross_amount')) ~ ' * ' ~ units('back_quantity'),
            units('quantity')
        )) }}, 0) as back_gross_amount
    from entered
)

select
    source_system,
    order_id,
    line_id,
    row_id,
    entry_no,
    case when entry_no = 1 then 'original' else 'reversal' end as entry_type,
    case when entry_no = 1 then 1 else -1 end as direction,
    line_type,
    is_revenue_line,
    business_date,
    case when entry_no = 1 then business_date else reversal_date end as entry_date,
    order_date,
    channel_code,
    customer_source_system,
    customer_code,
    master_source_system,
    master_customer_code,
    partner_code,
    product_id,
    product_source_system,
    product_family_code,
    currency,
    quantity - back_quantity as quantity,
    unit_price,
    {{ as_money('gross_amount - back_gross_amount') }} as gross_amount,
    {{ as_money('net_amount - back_net_amount') }} as net_amount,
    is_discount_stated,
    net_amount = 0 and quantity > 0 as is_free_good,
    unit_cost,
    fx_rate,
    {{ cost_in_line_currency('quantity') }}
    - {{ cost_in_line_currency('back_quantity') }} as cost_amount,
    {{ times(times('quantity', 'unit_cost'), 'cost_fx_rate') }}
    - {{ times(times('back_quantity', 'unit_cost'), 'cost_fx_rate') }}
        as cost_amount_reporting,
    {{ times('gross_amount', 'fx_rate') }} - {{ times('back_gross_amount', 'fx_rate') }}
        as gross_amount_reporting,
    {{ times('net_amount', 'fx_rate') }} - {{ times('back_net_amount', 'fx_rate') }}
        as net_amount_reporting
from grossed
