{#- One campaign, as landed: one row per landed row. -#}

select
    campaign_id,
    name,
    channel_code,
    valid_from,
    valid_to,
    cost_amount,
    currency,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__campaigns') }}
