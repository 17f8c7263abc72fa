{#- One sales lead in its latest state, as landed: one row per landed row. -#}

select
    lead_id,
    created_at,
    source,
    owner_rep_code,
    campaign_id,
    status,
    first_touch_at,
    qualified_at,
    converted_at,
    account_id,
    opportunity_id,
    lost_reason,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__leads') }}
