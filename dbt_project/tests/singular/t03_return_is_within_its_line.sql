{{ config(meta={'rule': 'T03', 'table': 'fct_return_line'}) }}
select
    returned.source_system || '|' || returned.order_id || '|' || returned.order_line_id
        as failing_key,
    sum(returned.quantity) as returned_quantity,
    max(sold.quantity) as ordered_quantity,
    sum(returned.net_amount) as returned_amount,
    max(sold.net_amount) as ordered_amount
from {{ ref('fct_return_line') }} as returned
inner join
    {{ ref('fct_order_line') }} as sold
    on returned.order_line_key = sold.order_line_key
group by returned.source_system, returned.order_id, returned.order_line_id
having
    sum(returned.quantity) > max(sold.quantity)
    or sum(returned.net_amount) > max(sold.net_amount)
    or min(returned.business_date) < max(sold.order_date)
