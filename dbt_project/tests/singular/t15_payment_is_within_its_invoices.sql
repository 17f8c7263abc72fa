{{ config(meta={'rule': 'T15', 'table': 'fct_payment'}) }}
{#- Payments of an order in one currency are not more than its invoices. -#}
with invoiced as (
    select
        source_system,
        order_id,
        currency,
        sum(amount) as invoiced_amount
    from {{ ref('fct_invoice') }}
    group by source_system, order_id, currency
)

select
    payments.source_system || '|' || payments.order_id as failing_key,
    sum(payments.amount) as paid_amount,
    max(invoiced.invoiced_amount) as invoiced_amount
from {{ ref('fct_payment') }} as payments
inner join invoiced
    on
        payments.source_system = invoiced.source_system
        and payments.order_id = invoiced.order_id
        and payments.currency = invoiced.currency
group by payments.source_system, payments.order_id, payments.currency
having sum(payments.amount) > max(invoiced.invoiced_amount)
