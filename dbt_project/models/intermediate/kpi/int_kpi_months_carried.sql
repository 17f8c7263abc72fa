{#- Grain: KPI x variant x entity x fiscal month x reporting currency: the newest row of
    the carried snapshot, of months that are closed at this as_of too. -#}

with ranked as (
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code,
        reporting_currency,
        as_of_date,
        revision_no,
        kpi_value,
        kpi_numerator,
        kpi_denominator,
        row_number() over (
            partition by
                kpi_code, kpi_variant, entity_type, entity_code, period_code,
                reporting_currency
            order by as_of_date desc nulls last, revision_no desc nulls last
        ) as newest_no
    from {{ ref('stg_parent__fct_kpi_snapshot') }}
),

closed_months as (
    select distinct fiscal_month
    from {{ ref('dim_date') }}
    where is_period_closed
)

select
    ranked.kpi_code,
    ranked.kpi_variant,
    ranked.entity_type,
    ranked.entity_code,
    ranked.period_code,
    ranked.as_of_date,
    ranked.revision_no,
    ranked.kpi_value,
    ranked.kpi_numerator,
    ranked.kpi_denominator
from ranked
inner join closed_months on ranked.period_code = closed_months.fiscal_month
where
    ranked.newest_no = 1
    and ranked.reporting_currency = '{{ var("reporting_currency") }}'
