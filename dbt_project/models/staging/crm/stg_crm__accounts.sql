{#- One version of a customer record of one CRM or ERP, as landed: one row per landed
    row. -#}

select
    account_id,
    parent_account_id,
    registration_hash,
    name_hash,
    segment,
    industry,
    region,
    country,
    tier,
    is_key_account,
    owner_rep_code,
    acquisition_channel_code,
    created_at,
    merged_into_id,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__accounts') }}
