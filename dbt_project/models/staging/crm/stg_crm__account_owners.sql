{#- One rep's hold of one account in one role, as landed: one row per landed row. -#}

select
    account_id,
    role_code,
    rep_code,
    valid_from,
    valid_to,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__account_owners') }}
