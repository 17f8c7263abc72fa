{#- One event in a rep's working life, as landed: one row per landed row. -#}

select
    rep_code,
    event_type,
    valid_from,
    valid_to,
    detail_code,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__hr_events') }}
