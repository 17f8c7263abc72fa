{#- One session of a rep in a CRM's app, as landed: one row per landed row. -#}

select
    session_id,
    rep_code,
    started_at,
    ended_at,
    device,
    kind,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__app_sessions') }}
