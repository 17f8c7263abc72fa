{#- One order in its latest state, as landed: one row per landed row. -#}

select
    order_id,
    order_date,
    confirmed_at,
    shipped_at,
    invoiced_at,
    paid_at,
    cancelled_at,
    status,
    customer_id,
    channel_code,
    owner_rep_code,
    partner_code,
    opportunity_id,
    campaign_id,
    currency,
    header_discount,
    net_amount,
    entry_method,
    manual_edit_count,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__orders') }}
