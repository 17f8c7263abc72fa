{#- One landed invoice and its verdict, on the day it was issued. Held: its order was
    never delivered (T14), or no rate is known for its currency and day (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        invoice_id,
        order_id,
        {{ local_date('invoiced_at') }} as business_date,
        due_date,
        amount,
        currency,
        {{ natural_key(['invoice_id']) }} as natural_key,
        {{ version_status(['source_system', 'invoice_id'], 'event') }} as version_status
    from {{ ref('stg_orders__invoices') }}
),

orders as (
    select
        source_system,
        order_id
    from {{ ref('int_orders_judged') }}
    where verdict in ('accepted', 'after_as_of')
),

rates as (
    select
        from_currency,
        rate_date,
        rate
    from {{ ref('int_fx_rates_daily') }}
),

rated as (
    select
        landed.*,
        orders.order_id is null as is_orphan,
        case
            when landed.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as fx_rate
    from landed
    left join orders
        on
            landed.source_system = orders.source_system
            and landed.order_id = orders.order_id
    left join rates
        on
            landed.currency = rates.from_currency
            and landed.business_date = rates.rate_date
),

ruled as (
    select
        *,
        case when is_orphan then 'T14' when fx_rate is null then 'S17' end as held_rule,
        case
            when is_orphan then 'order was never delivered'
            when fx_rate is null
                then
                    'no rate for ' || currency || ' on '
                    || cast(business_date as string)
        end as held_reason
    from rated
)

select
    invoice_id,
    order_id,
    business_date,
    due_date,
    fx_rate,
    {{ judged_columns('orders__invoices') }}
from ruled
