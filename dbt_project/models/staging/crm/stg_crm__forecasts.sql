{#- One forecast that an owner submitted for one period, as landed: one row per landed
    row. -#}

select
    owner_type,
    owner_code,
    period,
    submitted_at,
    category,
    amount,
    currency,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__forecasts') }}
