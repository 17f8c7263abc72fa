{#- Spot rate into the reporting currency: one currency and day for which a rate is
    known. The newest rate holds for its day and fx_max_age_days more (E4); the
    reporting currency itself is 1 and stands in no row. Of several sources the first by
    name is believed. -#}
{%- set ages = range((var('fx_max_age_days') | int) + 1) %}

with quoted as (
    select
        from_currency,
        rate_date,
        rate,
        row_number() over (
            partition by from_currency, rate_date
            order by source_system nulls last, row_id nulls last
        ) as source_rank
    from {{ ref('int_fx_rates_judged') }}
    where
        verdict = 'accepted'
        and rate_type = 'spot'
        and to_currency = '{{ var("reporting_currency") }}'
        and from_currency <> to_currency
),

ages as (
    {%- for age in ages %}
        select {{ age }} as age_days{{ ' union all' if not loop.last }}
    {%- endfor %}
),

spread as (
    select
        quoted.from_currency,
        {{ add_days('quoted.rate_date', 'ages.age_days') }} as rate_date,
        quoted.rate,
        ages.age_days
    from quoted
    cross join ages
    where quoted.source_rank = 1
),

ranked as (
    select
        from_currency,
        rate_date,
        rate,
        age_days,
        row_number() over (
            partition by from_currency, rate_date order by age_days nulls last
        ) as newest_rank
    from spread
)

select
    from_currency,
    rate_date,
    rate,
    age_days
from ranked
where newest_rank = 1
