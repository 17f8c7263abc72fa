{#- One version of a person at an outside party, as landed: one row per landed row. -#}

select
    contact_id,
    party_type,
    account_id,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__contacts') }}
