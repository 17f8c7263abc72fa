{#- One order line that is accepted or held (contradicting rows of one key aside), after
    its share of the order's header discount. The discount goes to product and service
    lines with a positive net amount in proportion to it (an order without such: to all
    its lines alike), by largest remainder in units of 0.0001, ties to the lower
    line_id. Held lines take their share too, so that a held line moves no money. -#}

with lines as (
    select
        source_system,
        order_id,
        line_id,
        row_id,
        verdict,
        line_type,
        product_id,
        quantity,
        unit_price,
        own_gross_amount,
        own_net_amount,
        is_discount_stated,
        unit_cost,
        currency,
        fx_rate
    from {{ ref('int_order_lines_judged') }}
    where verdict = 'accepted' or (verdict = 'held' and rule_id <> 'S10')
),

headers as (
    select
        source_system,
        order_id,
        {{ units('header_discount') }} as header_units
    from {{ ref('int_orders_judged') }}
    where verdict <> 'duplicate' and header_discount <> 0
),

weighed as (
    select
        lines.source_system,
        lines.order_id,
        lines.line_id,
        lines.row_id,
        headers.header_units,
        case
            when lines.line_type in ('product', 'service') and lines.own_net_amount > 0
                then {{ units('lines.own_net_amount') }}
            else 0
        end as weight
    from lines
    inner join headers
        on
            lines.source_system = headers.source_system
            and lines.order_id = headers.order_id
),

summed as (
    select
        source_system,
        order_id,
        line_id,
        row_id,
        header_units,
        weight,
        sum(weight) over (partition by source_system, order_id) as weight_sum,
        count(*) over (partition by source_system, order_id) as line_count
    from weighed
),

balanced as (
    select
        source_system,
        order_id,
        line_id,
        row_id,
        header_units,
        case when weight_sum = 0 then 1 else weight end as weight,
        case when weight_sum = 0 then line_count else weight_sum end as whole
    from summed
),

shares as (
    {{ allocate(
        'balanced', ['row_id'], ['header_units'], 'weight', 'whole',
        ['source_system', 'order_id'], ['line_id', 'row_id']
    ) | indent(4) }}
)

select
    lines.source_system,
    lines.order_id,
    lines.line_id,
    lines.row_id,
    lines.verdict,
    lines.line_type,
    lines.product_id,
    lines.quantity,
    lines.unit_price,
    lines.own_gross_amount as gross_amount,
    {{ as_money(
        'lines.own_net_amount - ' ~ money('coalesce(shares.header_units_allocated, 0)')
    ) }} as net_amount,
    lines.is_discount_stated or shares.row_id is not null as is_discount_stated,
    lines.unit_cost,
    lines.currency,
    lines.fx_rate
from lines
left join shares on lines.row_id = shares.row_id
