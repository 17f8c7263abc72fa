{{ config(meta={'rule': 'T03'}) }}
select
    returns.source_system || '|' || returns.order_id || '|' || returns.order_line_id
        as failing_key,
    sum(returns.quantity) as returned_quantity,
    max(lines.quantity) as ordered_quantity,
    sum(returns.net_amount) as returned_amount,
    max(lines.net_amount) as ordered_amount
from {{ ref('fct_return_line') }} as returns
inner join
    {{ ref('fct_order_line') }} as lines
    on returns.order_line_key = lines.order_line_key
group by returns.source_system, returns.order_id, returns.order_line_id
having
    sum(returns.quantity) > max(lines.quantity)
    or sum(returns.net_amount) > max(lines.net_amount)
    or min(returns.business_date) < max(lines.order_date)
