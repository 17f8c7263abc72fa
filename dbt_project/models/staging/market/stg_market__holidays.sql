{#- One day that departs from the Monday to Friday week, as landed: one row per landed
    row. -#}

select
    region,
    holiday_date,
    is_workday,
    name,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'market__holidays') }}
