{#- Grain: fiscal month x kpi_code x kpi_variant x reporting currency, every month and
    KPI, NULL with its status where it cannot be computed.
    Not additive: a tall table; never sum over kpi_code. A and S rows have numerator =
    value and no denominator. Rule: quality/metrics.yml (names, units, periods, owners,
    targets come from it by the seed dim_metric). Source: the parts of the
    other marts. -#}
with kpis as (
    select * from {{ ref('int_kpi_sales_months') }}
    union all
    select * from {{ ref('int_kpi_pipeline_months') }}
    union all
    select * from {{ ref('int_kpi_forecast_months') }}
    union all
    select * from {{ ref('int_kpi_customer_months') }}
    union all
    select * from {{ ref('int_kpi_pay_months') }}
    union all
    select * from {{ ref('int_kpi_team_months') }}
),

catalogue as (
    select
        kpi_code,
        kpi_variant,
        kpi_name_en,
        kpi_name_zh,
        unit_code,
        additivity_code,
        direction_code,
        period_rule,
        owner_code,
        try_cast(nullif(target_value, '-') as decimal(28, 8)) as catalogued_target
    from {{ ref('dim_metric') }}
    where is_overview = 'true'
),

months as (
    select
        fiscal_month,
        month_index,
        is_period_closed,
        is_latest_month
    from {{ ref('int_fiscal_months_listed') }}
),

valued as (
    select
        months.fiscal_month,
        months.month_index,
        months.is_period_closed,
        months.is_latest_month,
        catalogue.kpi_code,
        catalogue.kpi_variant,
        catalogue.kpi_name_en,
        catalogue.kpi_name_zh,
        catalogue.unit_code,
        catalogue.additivity_code,
        catalogue.direction_code,
        catalogue.period_rule,
        catalogue.owner_code,
        {{ target_of('catalogue.kpi_code', 'catalogue.catalogued_target') }}
            as target_value,
        kpis.kpi_numerator,
        kpis.kpi_denominator,
        kpis.kpi_status,
        kpis.sample_count,
        case
            when catalogue.additivity_code in ('A', 'S')
                then cast(kpis.kpi_numerator as decimal(28, 8))
            when catalogue.unit_code = 'score'
                then 100 * cast(
                    {{ safe_ratio('kpis.kpi_numerator', 'kpis.kpi_denominator') }}
                    as decimal(28, 8)
                )
            else {{ safe_ratio('kpis.kpi_numerator', 'kpis.kpi_denominator') }}
        end as kpi_value
    from catalogue
    cross join months
    inner join kpis
        on
            catalogue.kpi_code = kpis.kpi_code
            and catalogue.kpi_variant = kpis.kpi_variant
            and months.fiscal_month = kpis.fiscal_month
),

compared as (
    select
        valued.*,
        month_ago.kpi_value as prior_month_value,
        year_ago.kpi_value as prior_year_value,
        case valued.direction_code when 'down' then -1 else 1 end
        * (valued.kpi_value - valued.target_value) as target_distance
    from valued
    left join valued as month_ago
        on
            valued.kpi_code = month_ago.kpi_code
            and valued.kpi_variant = month_ago.kpi_variant
            and valued.month_index - 1 = month_ago.month_index
    left join valued as year_ago
        on
            valued.kpi_code = year_ago.kpi_code
            and valued.kpi_variant = year_ago.kpi_variant
            and valued.month_index - 12 = year_ago.month_index
)

select
    {{ as_of() }} as as_of_date,
    fiscal_month,
    kpi_code,
    kpi_variant,
    '{{ var("reporting_currency") }}' as reporting_currency,
    kpi_name_en,
    kpi_name_zh,
    unit_code,
    additivity_code,
    direction_code,
    period_rule,
    owner_code,
    cast(kpi_value as decimal(28, 8)) as kpi_value,
    cast(kpi_numerator as decimal(28, 8)) as kpi_numerator,
    cast(kpi_denominator as decimal(28, 8)) as kpi_denominator,
    target_value,
    cast(prior_month_value as decimal(28, 8)) as prior_month_value,
    cast(prior_year_value as decimal(28, 8)) as prior_year_value,
    case
        when target_distance is null or direction_code = 'none' then 'none'
        when target_distance >= 0 then 'met'
        when
            -target_distance <= {{ definition('target_near') }} * abs(target_value)
            then 'near'
        else 'missed'
    end as target_status,
    kpi_status,
    sample_count,
    is_period_closed,
    is_latest_month
from compared
