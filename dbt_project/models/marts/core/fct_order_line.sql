{#- Grain: order line x entry (original, reversal), signed, each on its own business
    date; the sum of the entries is what holds at as_of. Returns are not in here
    (fct_return_line). Not additive: unit_price, unit_cost, fx_rate. Amounts add over
    rows, never over the two currencies of one row. Business rules E3, E4 (kpis.md);
    gross revenue = gross_amount_reporting where is_revenue_line. A reversal keeps the
    members of its original. customer_key is the record that bought, segment and region
    are those of its master (E12). Source: orders.order_lines. -#}

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
        {{ cost_in_line_currency('quantity') }} as cost_amount,
        {{ times(times('quantity', 'unit_cost'), 'cost_fx_rate') }}
            as cost_amount_reporting,
        fx_rate,
        gross_amount_reporting,
        net_amount_reporting
    from {{ ref('int_order_lines_costed') }}
),

entry_numbers as (
    select 1 as entry_no
    union all
    select 2 as entry_no
),

entries as (
    select
        lines.source_system,
        lines.order_id,
        lines.line_id,
        lines.row_id,
        lines.line_type,
        lines.is_revenue_line,
        lines.business_date,
        lines.order_date,
        lines.reversal_date,
        lines.channel_code,
        lines.customer_source_system,
        lines.customer_code,
        lines.master_source_system,
        lines.master_customer_code,
        lines.partner_code,
        lines.product_id,
        lines.product_source_system,
        lines.product_family_code,
        lines.currency,
        lines.quantity,
        lines.unit_price,
        lines.gross_amount,
        lines.net_amount,
        lines.is_discount_stated,
        lines.unit_cost,
        lines.cost_currency,
        lines.cost_fx_rate,
        lines.cost_amount,
        lines.cost_amount_reporting,
        lines.fx_rate,
        lines.gross_amount_reporting,
        lines.net_amount_reporting,
        entry_numbers.entry_no,
        case when entry_numbers.entry_no = 1 then 'original' else 'reversal' end
            as entry_type,
        case when entry_numbers.entry_no = 1 then 1 else -1 end as direction,
        case
            when entry_numbers.entry_no = 1 then lines.business_date
            else lines.reversal_date
        end as entry_date
    from lines
    inner join entry_numbers
        on entry_numbers.entry_no = 1 or lines.reversal_date is not null
)

select
    {{ surrogate_key(
        ['entries.source_system', 'entries.order_id', 'entries.line_id', 'entries.entry_no']
    ) }} as order_line_key,
    entries.source_system,
    entries.order_id,
    entries.line_id,
    entries.entry_type,
    cast(entries.entry_no as bigint) as entry_no,
    entries.row_id,
    entries.line_type,
    entries.is_revenue_line,
    entries.entry_date as business_date,
    {{ fiscal_month('entries.entry_date') }} as fiscal_month,
    entries.order_date,
    entries.channel_code,
    coalesce(channels.channel_key, '-1') as channel_key,
    entries.customer_code,
    entries.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    coalesce(masters.segment_code, {{ unknown_code() }}) as segment_code,
    coalesce(masters.region_code, {{ unknown_code() }}) as region_code,
    entries.product_id,
    coalesce(
        products.product_key,
        case when entries.product_id = {{ none_code() }} then '0' else '-1' end
    ) as product_key,
    entries.product_family_code,
    entries.partner_code,
    coalesce(
        partners.partner_key,
        case when entries.partner_code = {{ none_code() }} then '0' else '-1' end
    ) as partner_key,
    entries.currency,
    cast(entries.direction * entries.quantity as decimal(18, 4)) as quantity,
    entries.unit_price,
    {{ as_money('entries.direction * entries.gross_amount') }} as gross_amount,
    {{ as_money('entries.direction * (entries.gross_amount - entries.net_amount)') }}
        as discount_amount,
    {{ as_money('entries.direction * entries.net_amount') }} as net_amount,
    {{ as_money('entries.direction * entries.cost_amount') }} as cost_amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    entries.fx_rate,
    {{ as_money('entries.direction * entries.gross_amount_reporting') }}
        as gross_amount_reporting,
    {{ as_money(
        'entries.direction * (entries.gross_amount_reporting - entries.net_amount_reporting)'
    ) }} as discount_amount_reporting,
    {{ as_money('entries.direction * entries.net_amount_reporting') }}
        as net_amount_reporting,
    {{ as_money('entries.direction * entries.cost_amount_reporting') }}
        as cost_amount_reporting,
    entries.net_amount = 0 and entries.quantity > 0 as is_free_good,
    entries.unit_cost,
    entries.business_date as original_business_date,
    entries.is_discount_stated
from entries
left join {{ ref('dim_channel') }} as channels
    on
        entries.channel_code = channels.channel_code
        and {{ version_on('channels', 'entries.business_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        entries.customer_source_system = customers.source_system
        and entries.customer_code = customers.customer_code
        and {{ version_on('customers', 'entries.business_date') }}
left join {{ ref('dim_customer') }} as masters
    on
        entries.master_source_system = masters.source_system
        and entries.master_customer_code = masters.customer_code
        and {{ version_on('masters', 'entries.business_date') }}
left join {{ ref('dim_product') }} as products
    on
        entries.product_source_system = products.source_system
        and entries.product_id = products.product_id
        and {{ version_on('products', 'entries.business_date') }}
left join {{ ref('dim_partner') }} as partners
    on
        entries.partner_code = partners.partner_code
        and {{ version_on('partners', 'entries.business_date') }}
