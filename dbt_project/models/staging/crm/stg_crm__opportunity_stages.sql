{#- One change of one field of an opportunity, as landed: one row per landed row. -#}

select
    opportunity_id,
    changed_at,
    field,
    old_value,
    new_value,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__opportunity_stages') }}
