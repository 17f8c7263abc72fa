{#- One landed exchange rate and its verdict. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        from_currency,
        to_currency,
        rate_date,
        rate_type,
        rate,
        {{ natural_key(['from_currency', 'to_currency', 'rate_date', 'rate_type']) }}
            as natural_key,
        rate_date as business_date,
        cast(null as decimal(18, 4)) as amount,
        from_currency as currency,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(
            ['source_system', 'from_currency', 'to_currency', 'rate_date', 'rate_type'],
            'event'
        ) }} as version_status
    from {{ ref('stg_market__fx_rates') }}
)

select
    from_currency,
    to_currency,
    rate_date,
    rate_type,
    rate,
    {{ judged_columns('market__fx_rates') }}
from landed
