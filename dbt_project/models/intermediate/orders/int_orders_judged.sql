{#- One landed order and its verdict. Business date: confirmation, else order date. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        order_date,
        {{ local_date('confirmed_at') }} as confirmed_date,
        {{ local_date('shipped_at') }} as shipped_date,
        {{ local_date('invoiced_at') }} as invoiced_date,
        {{ local_date('paid_at') }} as paid_date,
        {{ local_date('cancelled_at') }} as cancelled_date,
        status,
        customer_id,
        coalesce(channel_code, {{ unknown_code() }}) as channel_code,
        owner_rep_code,
        coalesce(partner_code, {{ none_code() }}) as partner_code,
        opportunity_id,
        currency,
        header_discount,
        net_amount,
        entry_method,
        manual_edit_count,
        {{ natural_key(['order_id']) }} as natural_key,
        {{ version_status(['source_system', 'order_id'], 'state') }} as version_status
    from {{ ref('stg_orders__orders') }}
),

dated as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        order_date,
        confirmed_date,
        shipped_date,
        invoiced_date,
        paid_date,
        case
            when cancelled_date is not null then cancelled_date
            when status = 'cancelled' then coalesce(confirmed_date, order_date)
        end as cancelled_date,
        status,
        customer_id,
        channel_code,
        owner_rep_code,
        partner_code,
        opportunity_id,
        currency,
        header_discount,
        net_amount,
        entry_method,
        manual_edit_count,
        natural_key,
        version_status,
        coalesce(confirmed_date, order_date) as business_date,
        net_amount as amount,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason
    from landed
)

select
    order_id,
    order_date,
    confirmed_date,
    shipped_date,
    invoiced_date,
    paid_date,
    cancelled_date,
    status,
    customer_id,
    channel_code,
    owner_rep_code,
    partner_code,
    opportunity_id,
    header_discount,
    net_amount,
    entry_method,
    manual_edit_count,
    business_date,
    {{ judged_columns('orders__orders') }}
from dated
