{#- One member of the team of one opportunity, as landed: one row per landed row. -#}

select
    opportunity_id,
    member_code,
    role_code,
    share,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__opportunity_team') }}
