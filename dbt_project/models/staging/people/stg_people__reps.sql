{#- One version of a person in a selling role, as landed: one row per landed row. -#}

select
    rep_code,
    role_code,
    team_code,
    manager_code,
    hire_date,
    exit_date,
    ramp_profile,
    plan_code,
    commission_rate,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__reps') }}
