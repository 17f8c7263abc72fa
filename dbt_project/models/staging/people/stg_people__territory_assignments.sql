{#- One rep's hold of one territory, as landed: one row per landed row. -#}

select
    territory_code,
    rep_code,
    valid_from,
    valid_to,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__territory_assignments') }}
