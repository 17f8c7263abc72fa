{#- Grain: KPI x variant x fiscal month: K18 of the company at the first day of a fiscal
    quarter, in the last month of a quarter that is over; other months are immature. Per
    team the submitted forecast, else the derived one (then the value is partial). -#}
with months as (
    select
        fiscal_month,
        fiscal_quarter,
        month_end_date,
        quarter_end_date
    from {{ ref('int_fiscal_months_listed') }}
),

feeds as (
    select has_opportunities from {{ ref('int_feeds_filled') }}
),

chosen as (
    select
        fiscal_quarter,
        actual_amount,
        coalesce(submitted_amount, derived_amount) as forecast_amount,
        case when submitted_amount is null then 1 else 0 end as is_derived
    from {{ ref('int_forecasts_measured') }}
    where
        horizon_code = 'day_1'
        and is_quarter_over
        and coalesce(submitted_amount, derived_amount) is not null
),

summed as (
    select
        fiscal_quarter,
        sum(actual_amount) as actual_amount,
        sum(abs(actual_amount - forecast_amount)) as error_amount,
        sum(forecast_amount - actual_amount) as bias_amount,
        sum(is_derived) as derived_count,
        count(*) as team_count
    from chosen
    group by fiscal_quarter
),

judged as (
    select
        months.fiscal_month,
        summed.actual_amount,
        summed.error_amount,
        summed.bias_amount,
        summed.team_count,
        case
            when not feeds.has_opportunities then 'no_data'
            when
                months.month_end_date < months.quarter_end_date
                or months.quarter_end_date > {{ as_of() }}
                then 'immature'
            when summed.team_count is null then 'no_data'
            when summed.actual_amount <= 0 then 'not_estimable'
            when summed.derived_count > 0 then 'partial'
            else 'ok'
        end as kpi_status
    from months
    cross join feeds
    left join summed
        on
            case
                when months.month_end_date = months.quarter_end_date
                    then months.fiscal_quarter
            end = summed.fiscal_quarter
)

select
    fiscal_month,
    'K18' as kpi_code,
    'a' as kpi_variant,
    cast(actual_amount - error_amount as decimal(38, 4)) as kpi_numerator,
    cast(actual_amount as decimal(38, 4)) as kpi_denominator,
    cast(coalesce(team_count, 0) as bigint) as sample_count,
    kpi_status
from judged
union all
select
    fiscal_month,
    'K18' as kpi_code,
    'b' as kpi_variant,
    cast(bias_amount as decimal(38, 4)) as kpi_numerator,
    cast(actual_amount as decimal(38, 4)) as kpi_denominator,
    cast(coalesce(team_count, 0) as bigint) as sample_count,
    kpi_status
from judged
