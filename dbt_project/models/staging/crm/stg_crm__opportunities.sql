{#- One opportunity in its latest state, as landed: one row per landed row. -#}

select
    opportunity_id,
    account_id,
    owner_rep_code,
    channel_code,
    partner_code,
    pipeline,
    stage,
    status,
    amount,
    currency,
    expected_close_date,
    created_at,
    closed_at,
    probability,
    forecast_category,
    lost_reason,
    competitor_code,
    product_family_code,
    order_id,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__opportunities') }}
