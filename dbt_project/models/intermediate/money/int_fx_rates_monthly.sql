{{ config(materialized='view') }}
{#- Spot rate into the reporting currency: one currency and fiscal month; that of the
    month's last day (at most as_of) for which one is known. -#}

with ranked as (
    select
        from_currency,
        {{ fiscal_month('rate_date') }} as fiscal_month,
        rate,
        row_number() over (
            partition by from_currency, {{ fiscal_month('rate_date') }}
            order by rate_date desc nulls last
        ) as newest_rank
    from {{ ref('int_fx_rates_daily') }}
    where rate_date <= {{ as_of() }}
)

select
    from_currency,
    fiscal_month,
    rate
from ranked
where newest_rank = 1
