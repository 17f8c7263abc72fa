{{ config(meta={'rule': 'T15', 'table': 'fct_payment'}) }}
select
    payments.source_system || '|' || payments.order_id as failing_key,
    sum(payments.amount) as paid_amount,
    max(orders.delivered_net_amount) as invoiced_amount
from {{ ref('fct_payment') }} as payments
inner join {{ ref('fct_order') }} as orders
    on
        payments.source_system = orders.source_system
        and payments.order_id = orders.order_id
        and payments.currency = orders.currency
where orders.delivered_net_amount is not null
group by payments.source_system, payments.order_id
having sum(payments.amount) > max(orders.delivered_net_amount)
