{{ config(meta={'rule': 'T04', 'table': 'fct_payment'}) }}
{#- What was paid for a cancelled order has gone back: as a negative payment, or as the
    credit of a return. -#}

with paid as (
    select
        source_system,
        order_id,
        currency,
        sum(amount) as paid_amount
    from {{ ref('fct_payment') }}
    group by source_system, order_id, currency
),

returned as (
    select
        source_system,
        order_id,
        currency,
        sum(net_amount) as returned_amount
    from {{ ref('fct_return_line') }}
    group by source_system, order_id, currency
)

select
    orders.source_system || '|' || orders.order_id as failing_key,
    orders.cancelled_date,
    paid.paid_amount,
    coalesce(returned.returned_amount, 0) as returned_amount
from {{ ref('fct_order') }} as orders
inner join paid
    on
        orders.source_system = paid.source_system
        and orders.order_id = paid.order_id
left join returned
    on
        paid.source_system = returned.source_system
        and paid.order_id = returned.order_id
        and paid.currency = returned.currency
where
    orders.cancelled_date is not null
    and paid.paid_amount > coalesce(returned.returned_amount, 0)
