{#- One landed payment and its verdict. A payment that names an invoice alone is one of
    that invoice's order. Held: it takes the payments of its order, in the order's
    currency, above what was invoiced (the sum of its invoices; without any the header's
    net amount, else the sum of the lines; T15), or no rate is known for its currency
    and day (S17). -#}

with invoices as (
    select
        source_system,
        invoice_id,
        order_id,
        currency,
        amount
    from {{ ref('int_invoices_judged') }}
    where verdict = 'accepted'
),

invoice_orders as (
    select
        source_system,
        invoice_id,
        min(order_id) as order_id
    from invoices
    group by source_system, invoice_id
),

delivered as (
    select
        source_system,
        row_id,
        extract_id,
        payment_id,
        order_id,
        invoice_id,
        {{ local_date('paid_at') }} as business_date,
        amount,
        currency,
        {{ natural_key(['payment_id']) }} as natural_key,
        {{ version_status(['source_system', 'payment_id'], 'event') }} as version_status
    from {{ ref('stg_orders__payments') }}
),

landed as (
    select
        delivered.source_system,
        delivered.row_id,
        delivered.extract_id,
        delivered.payment_id,
        coalesce(delivered.order_id, invoice_orders.order_id) as order_id,
        delivered.invoice_id,
        delivered.business_date,
        delivered.amount,
        delivered.currency,
        delivered.natural_key,
        delivered.version_status
    from delivered
    left join invoice_orders
        on
            delivered.source_system = invoice_orders.source_system
            and delivered.invoice_id = invoice_orders.invoice_id
),

invoice_sums as (
    select
        source_system,
        order_id,
        currency,
        sum(amount) as amount
    from invoices
    group by source_system, order_id, currency
),

line_sums as (
    select
        source_system,
        order_id,
        sum(net_amount) as net_amount
    from {{ ref('int_order_lines_discounted') }}
    group by source_system, order_id
),

orders as (
    select
        orders.source_system,
        orders.order_id,
        orders.currency,
        coalesce(invoice_sums.amount, orders.net_amount, line_sums.net_amount)
            as invoiced_amount
    from {{ ref('int_orders_judged') }} as orders
    left join invoice_sums
        on
            orders.source_system = invoice_sums.source_system
            and orders.order_id = invoice_sums.order_id
            and orders.currency = invoice_sums.currency
    left join line_sums
        on
            orders.source_system = line_sums.source_system
            and orders.order_id = line_sums.order_id
    where orders.verdict = 'accepted'
),

rates as (
    select
        from_currency,
        rate_date,
        rate
    from {{ ref('int_fx_rates_daily') }}
),

checked as (
    select
        landed.source_system,
        landed.row_id,
        landed.extract_id,
        landed.payment_id,
        landed.order_id,
        landed.invoice_id,
        landed.business_date,
        landed.amount,
        landed.currency,
        landed.natural_key,
        landed.version_status,
        case
            when landed.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as fx_rate,
        sum(case when landed.version_status = 'kept' then landed.amount else 0 end)
            over (
                partition by landed.source_system, landed.order_id, landed.currency
                order by
                    landed.business_date nulls last, landed.payment_id nulls last,
                    landed.row_id nulls last
                rows between unbounded preceding and current row
            )
        > orders.invoiced_amount as is_overpaid
    from landed
    left join orders
        on
            landed.source_system = orders.source_system
            and landed.order_id = orders.order_id
            and landed.currency = orders.currency
    left join rates
        on
            landed.currency = rates.from_currency
            and landed.business_date = rates.rate_date
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        payment_id,
        order_id,
        invoice_id,
        business_date,
        amount,
        currency,
        natural_key,
        version_status,
        fx_rate,
        case
            when is_overpaid and amount > 0 then 'T15'
            when fx_rate is null then 'S17'
        end as held_rule,
        case
            when is_overpaid and amount > 0 then 'paid more than was invoiced'
            when fx_rate is null
                then
                    'no rate for '
                    || currency
                    || ' on '
                    || cast(business_date as string)
        end as held_reason
    from checked
)

select
    payment_id,
    order_id,
    invoice_id,
    business_date,
    fx_rate,
    {{ judged_columns('orders__payments') }}
from ruled
