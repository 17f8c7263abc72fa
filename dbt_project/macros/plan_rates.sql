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

{#- The rows of a relation with fx_rate, the plan rate of their currency in a fiscal year (1 in the
    reporting currency), and with held_rule S17 where there is none; `year_of` is the text that names the
    year in the reason. -#}
{% macro at_plan_rate(relation, fiscal_year, year_of) %}
select
    rated.*,
    case when rated.fx_rate is null then 'S17' end as held_rule,
    case
        when rated.fx_rate is null
            then
                'no plan or spot rate for ' || rated.currency || ' in the year of '
                || {{ year_of }}
    end as held_reason
from (
    select
        {{ relation }}.*,
        case
            when {{ relation }}.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else planned.rate
        end as fx_rate
    from {{ relation }}
    left join {{ ref('int_fx_rates_planned') }} as planned
        on
            {{ relation }}.currency = planned.from_currency
            and {{ fiscal_year }} = planned.fiscal_year
) as rated
{% endmacro %}
