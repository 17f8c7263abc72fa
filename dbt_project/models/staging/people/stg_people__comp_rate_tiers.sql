{#- One tier of the rates of one component of a compensation plan, as landed: one row
    per landed row. -#}

select
    plan_code,
    component_code,
    from_attainment,
    to_attainment,
    rate,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__comp_rate_tiers') }}
