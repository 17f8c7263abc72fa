{#- One quota of one owner over one interval, in one version, as landed: one row per
    landed row. -#}

select
    owner_type,
    owner_code,
    valid_from,
    valid_to,
    metric,
    version,
    amount,
    currency,
    over_assignment_share,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__quotas') }}
