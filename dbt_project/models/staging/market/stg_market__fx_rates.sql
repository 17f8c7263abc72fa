{#- One exchange rate of one day, as landed: one row per landed row. -#}

select
    from_currency,
    to_currency,
    rate_date,
    rate_type,
    rate,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'market__fx_rates') }}
