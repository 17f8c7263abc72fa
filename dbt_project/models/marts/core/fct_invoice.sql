{#- Grain: invoice, on the day it was issued, at that day's rate. paid_amount: the
    order's payments up to as_of pay its invoices oldest first (business date, invoice),
    each up to its amount; paid_date is the day on which it was paid in full. Source:
    orders.invoices, fct_payment. -#}

with invoices as (
    select
        source_system,
        row_id,
        invoice_id,
        order_id,
        business_date,
        due_date,
        currency,
        amount,
        fx_rate,
        sum(amount) over (
            partition by source_system, order_id, currency
            order by business_date nulls last, invoice_id nulls last
            rows between unbounded preceding and current row
        ) as amount_so_far
    from {{ ref('int_invoices_judged') }}
    where verdict = 'accepted'
),

named as (
    select
        source_system,
        invoice_id,
        order_id
    from invoices
),

payments as (
    select
        payments.source_system,
        coalesce(payments.order_id, named.order_id) as order_id,
        payments.currency,
        payments.business_date,
        sum(payments.amount) over (
            partition by
                payments.source_system, coalesce(payments.order_id, named.order_id),
                payments.currency
            order by payments.business_date nulls last, payments.payment_id nulls last
            rows between unbounded preceding and current row
        ) as paid_so_far,
        sum(payments.amount) over (
            partition by
                payments.source_system, coalesce(payments.order_id, named.order_id),
                payments.currency
        ) as paid_in_all
    from {{ ref('fct_payment') }} as payments
    left join named
        on
            payments.source_system = named.source_system
            and payments.invoice_id = named.invoice_id
),

settled as (
    select
        invoices.source_system,
        invoices.invoice_id,
        max(payments.paid_in_all) as paid_in_all,
        min(
            case
                when payments.paid_so_far >= invoices.amount_so_far
                    then payments.business_date
            end
        ) as covered_date
    from invoices
    inner join payments
        on
            invoices.source_system = payments.source_system
            and invoices.order_id = payments.order_id
            and invoices.currency = payments.currency
    group by invoices.source_system, invoices.invoice_id
)

select
    {{ surrogate_key(['invoices.source_system', 'invoices.invoice_id']) }}
        as invoice_key,
    invoices.source_system,
    invoices.row_id,
    invoices.invoice_id,
    invoices.order_id,
    invoices.business_date,
    invoices.due_date,
    {{ fiscal_month('invoices.business_date') }} as fiscal_month,
    invoices.currency,
    invoices.amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    invoices.fx_rate,
    {{ times('invoices.amount', 'invoices.fx_rate') }} as amount_reporting,
    {{ as_money(
        'greatest(0, least(invoices.amount, coalesce(settled.paid_in_all, 0)'
        ~ ' - (invoices.amount_so_far - invoices.amount)))'
    ) }} as paid_amount,
    case
        when settled.paid_in_all >= invoices.amount_so_far then settled.covered_date
    end as paid_date
from invoices
left join settled
    on
        invoices.source_system = settled.source_system
        and invoices.invoice_id = settled.invoice_id
