{#- One activity with an outside party, as landed: one row per landed row. -#}

select
    activity_id,
    occurred_at,
    logged_at,
    synced_at,
    activity_type,
    direction,
    created_by_type,
    rep_code,
    party_type,
    party_id,
    opportunity_id,
    lead_id,
    device,
    is_connected,
    is_two_way,
    in_reply_to_id,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__activities') }}
