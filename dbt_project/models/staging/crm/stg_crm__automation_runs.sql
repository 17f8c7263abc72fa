{#- One run of an automated process, as landed: one row per landed row. -#}

select
    run_id,
    process_code,
    started_at,
    object_type,
    object_id,
    result_code,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__automation_runs') }}
