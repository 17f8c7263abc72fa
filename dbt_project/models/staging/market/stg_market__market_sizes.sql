{#- One estimate of one market in one period, as landed: one row per landed row. -#}

select
    segment,
    region,
    period,
    version,
    amount,
    currency,
    basis,
    addressable_count,
    channel_code,
    confidence,
    source_name,
    estimate_date,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'market__market_sizes') }}
