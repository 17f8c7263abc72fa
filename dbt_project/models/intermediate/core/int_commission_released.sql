{#- Grain: order line x day with an entry, return, payment, invoice or changed split x
    due event (payment, invoice): what of the line's worth has been paid or invoiced up
    to that day, by largest remainder over the order's lines, freight and fees among
    them: they are paid too. Only orders of which a term is paid by it. Rule: docs block
    incentive_ledger, section 6. -#}

with worths as (
    select
        source_system,
        order_id,
        line_id,
        business_date,
        {{ units('net_amount') }} as net_units
    from {{ ref('fct_order_line') }}
    union all
    select
        source_system,
        order_id,
        order_line_id as line_id,
        business_date,
        -{{ units('net_amount') }} as net_units
    from {{ ref('fct_return_line') }}
    where is_original_known
),

invoices as (
    select
        source_system,
        invoice_id,
        order_id,
        business_date,
        {{ units('amount') }} as amount_units
    from {{ ref('fct_invoice') }}
),

received as (
    select
        'payment' as due_on,
        payments.source_system,
        coalesce(payments.order_id, invoices.order_id) as order_id,
        payments.business_date,
        {{ units('payments.amount') }} as amount_units
    from {{ ref('fct_payment') }} as payments
    left join invoices
        on
            payments.source_system = invoices.source_system
            and payments.invoice_id = invoices.invoice_id
    union all
    select
        'invoice' as due_on,
        source_system,
        order_id,
        business_date,
        amount_units
    from invoices
),

wanted as (
    select distinct
        case when terms.base = 'cash' then 'payment' else terms.due_on end as due_on,
        events.source_system,
        events.order_id
    from {{ ref('int_commission_events') }} as events
    inner join {{ ref('int_commission_terms') }} as terms
        on
            events.payee_code = terms.rep_code
            and events.credit_date >= terms.from_date
            and events.credit_date < terms.to_date
    where terms.base = 'cash' or terms.due_on in ('payment', 'invoice')
),

days as (
    select
        wanted.due_on,
        wanted.source_system,
        wanted.order_id,
        worths.business_date
    from wanted
    inner join worths
        on
            wanted.source_system = worths.source_system
            and wanted.order_id = worths.order_id
    union
    select
        wanted.due_on,
        wanted.source_system,
        wanted.order_id,
        received.business_date
    from wanted
    inner join received
        on
            wanted.due_on = received.due_on
            and wanted.source_system = received.source_system
            and wanted.order_id = received.order_id
    union
    select
        wanted.due_on,
        wanted.source_system,
        wanted.order_id,
        events.business_date
    from wanted
    inner join {{ ref('int_commission_events') }} as events
        on
            wanted.source_system = events.source_system
            and wanted.order_id = events.order_id
),

worth_days as (
    select
        days.due_on,
        days.source_system,
        days.order_id,
        worths.line_id,
        days.business_date,
        greatest(0, cast(sum(case
            when worths.business_date <= days.business_date then worths.net_units
            else 0
        end) as bigint)) as worth_units
    from days
    inner join worths
        on
            days.source_system = worths.source_system
            and days.order_id = worths.order_id
    group by
        days.due_on, days.source_system, days.order_id, worths.line_id,
        days.business_date
),

received_days as (
    select
        days.due_on,
        days.source_system,
        days.order_id,
        days.business_date,
        cast(sum(received.amount_units) as bigint) as received_units
    from days
    inner join received
        on
            days.due_on = received.due_on
            and days.source_system = received.source_system
            and days.order_id = received.order_id
            and days.business_date >= received.business_date
    group by days.due_on, days.source_system, days.order_id, days.business_date
),

totalled as (
    select
        worth_days.due_on,
        worth_days.source_system,
        worth_days.order_id,
        worth_days.line_id,
        worth_days.business_date,
        worth_days.worth_units,
        coalesce(received_days.received_units, 0) as received_units,
        cast(sum(worth_days.worth_units) over (
            partition by
                worth_days.due_on, worth_days.source_system, worth_days.order_id,
                worth_days.business_date
        ) as bigint) as order_units
    from worth_days
    left join received_days
        on
            worth_days.due_on = received_days.due_on
            and worth_days.source_system = received_days.source_system
            and worth_days.order_id = received_days.order_id
            and worth_days.business_date = received_days.business_date
),

weighed as (
    select
        due_on,
        source_system,
        order_id,
        line_id,
        business_date,
        worth_units,
        greatest(0, least(received_units, order_units)) as released,
        greatest(order_units, 1) as order_units
    from totalled
),

allocated as (
    {{ allocate(
        'weighed',
        ['due_on', 'source_system', 'order_id', 'line_id', 'business_date'],
        ['released'], 'worth_units', 'order_units',
        ['due_on', 'source_system', 'order_id', 'business_date'], ['line_id']
    ) | indent(4) }}
)

select
    weighed.due_on,
    weighed.source_system,
    weighed.order_id,
    weighed.line_id,
    weighed.business_date,
    weighed.worth_units,
    allocated.released_allocated as released_units
from weighed
inner join allocated
    on
        weighed.due_on = allocated.due_on
        and weighed.source_system = allocated.source_system
        and weighed.order_id = allocated.order_id
        and weighed.line_id = allocated.line_id
        and weighed.business_date = allocated.business_date
