{#- Grain: market size of one segment, region, period, version and channel (if the
    estimate names one). Never add versions or periods. Converted at the average spot
    rate of the period. -#}

select
    {{ surrogate_key(
        ['source_system', 'segment', 'region', 'period', 'version', 'channel_code']
    ) }} as market_size_key,
    source_system,
    row_id,
    segment as segment_code,
    region as region_code,
    period as market_period,
    version,
    is_latest_version,
    period_type,
    period_start_date,
    period_end_date,
    channel_code,
    basis as basis_code,
    confidence as confidence_code,
    source_name,
    estimate_date,
    currency,
    amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    fx_rate,
    {{ times('amount', 'fx_rate') }} as amount_reporting,
    addressable_count
from {{ ref('int_market_sizes_judged') }}
where verdict = 'accepted'
