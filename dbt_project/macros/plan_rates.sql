{#- Plan rate into the reporting currency: one currency and fiscal year, from rates as delivered.
    The first plan rate dated in the year; without one the spot rate of the year's first day that has
    one, flagged (E4). -#}
{% macro plan_rates(relation) %}
with dated as (
    select
        from_currency,
        {{ fiscal_year('rate_date') }} as fiscal_year,
        rate_date,
        rate,
        rate_type = 'spot' as is_spot,
        source_system,
        row_id
    from {{ relation }}
    where
        to_currency = '{{ var("reporting_currency") }}'
        and from_currency <> to_currency
),

ranked as (
    select
        from_currency,
        fiscal_year,
        rate,
        is_spot,
        row_number() over (
            partition by from_currency, fiscal_year
            order by
                is_spot nulls last,
                rate_date nulls last,
                source_system nulls last,
                row_id nulls last
        ) as preference
    from dated
)

select
    from_currency,
    fiscal_year,
    rate,
    is_spot as is_spot_fallback
from ranked
where preference = 1
{% endmacro %}
