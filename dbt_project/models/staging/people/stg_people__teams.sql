{#- One version of a team, as landed: one row per landed row. -#}

select
    team_code,
    name,
    parent_code,
    manager_code,
    territory_codes,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__teams') }}
