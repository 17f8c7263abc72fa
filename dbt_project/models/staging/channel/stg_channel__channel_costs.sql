{#- One cost of one channel or pool in one month, as landed: one row per landed row. -#}

select
    channel_code,
    pool_code,
    cost_type,
    period,
    amount,
    currency,
    is_shared,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'channel__channel_costs') }}
