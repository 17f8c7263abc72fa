{{ config(meta={'rule': 'R02', 'table': 'fct_order, fct_order_line'}) }}
{#- Per order whose header states a net amount: its lines, held ones and those that
    landing quarantined included, all line types. Left out: an order with a quarantined
    line whose amount cannot be read, or with contradicting rows of one line. -#}

with lines as (
    select
        source_system,
        order_id,
        sum(net_amount) as net_amount
    from {{ ref('int_order_lines_discounted') }}
    group by source_system, order_id
),

set_aside as (
    select
        source_system,
        split_part(natural_key, '|', 1) as order_id,
        sum(case when kind = 'quarantined' then amount else 0 end) as net_amount,
        max(case when kind = 'held' or amount is null then 1 else 0 end) as is_unclear
    from {{ ref('quarantine_row') }}
    where
        feed = 'orders__order_lines'
        and (kind = 'quarantined' or (kind = 'held' and rule_id = 'S10'))
    group by source_system, split_part(natural_key, '|', 1)
)

select
    orders.source_system || '|' || orders.order_id as failing_key,
    orders.delivered_net_amount,
    lines.net_amount as line_net_amount,
    set_aside.net_amount as set_aside_amount
from {{ ref('fct_order') }} as orders
left join lines
    on
        orders.source_system = lines.source_system
        and orders.order_id = lines.order_id
left join set_aside
    on
        orders.source_system = set_aside.source_system
        and orders.order_id = set_aside.order_id
where
    orders.delivered_net_amount is not null
    and coalesce(set_aside.is_unclear, 0) = 0
    and orders.delivered_net_amount
    <> coalesce(lines.net_amount, 0) + coalesce(set_aside.net_amount, 0)
