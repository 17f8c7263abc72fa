{#- One version of a partner, as landed: one row per landed row. -#}

select
    partner_code,
    partner_type,
    tier,
    parent_code,
    region,
    channel_code,
    status,
    joined_date,
    ended_date,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'channel__partners') }}
