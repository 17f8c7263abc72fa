{#- Grain: payment on an order or invoice, on the day it was paid; converted at that
    day's rate. Channel and customer are those of the order; an unknown order has none.
    Source: orders.payments. -#}

with payments as (
    select
        source_system,
        payment_id,
        row_id,
        order_id,
        invoice_id,
        business_date,
        currency,
        amount,
        fx_rate
    from {{ ref('int_payments_judged') }}
    where verdict = 'accepted'
),

orders as (
    select
        source_system,
        order_id,
        channel_code,
        master_customer_code,
        customer_key
    from {{ ref('fct_order') }}
)

select
    {{ surrogate_key(['payments.source_system', 'payments.payment_id']) }}
        as payment_key,
    payments.source_system,
    payments.payment_id,
    payments.row_id,
    payments.order_id,
    payments.invoice_id,
    payments.business_date,
    {{ fiscal_month('payments.business_date') }} as fiscal_month,
    coalesce(orders.channel_code, {{ unknown_code() }}) as channel_code,
    coalesce(orders.master_customer_code, {{ unknown_code() }}) as master_customer_code,
    coalesce(orders.customer_key, '-1') as customer_key,
    payments.currency,
    payments.amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    payments.fx_rate,
    {{ times('payments.amount', 'payments.fx_rate') }} as amount_reporting
from payments
left join orders
    on
        payments.source_system = orders.source_system
        and payments.order_id = orders.order_id
