{#- Grain: rate of one source, pair, day and type, as delivered. Rates never add. -#}

select
    {{ surrogate_key(
        ['source_system', 'from_currency', 'to_currency', 'rate_date', 'rate_type']
    ) }} as fx_rate_key,
    from_currency,
    to_currency,
    rate_date,
    rate_type,
    rate,
    row_id,
    source_system
from {{ ref('int_fx_rates_judged') }}
where verdict = 'accepted'
