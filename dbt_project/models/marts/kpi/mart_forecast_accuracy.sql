{#- Grain: team x fiscal quarter x horizon x kind of forecast (submitted, derived), for
    horizons reached at as_of.
    Not additive: horizons and kinds of one quarter are views of the same money; ratios
    (sum the parts over teams: K18a = 1 - sum of absolute errors / sum of actuals).
    Rule: K18 of quality/metrics.yml; parts are NULL until the quarter is over. Owner
    sales_operations.
    Source: fct_forecast, snap_opportunity_day, fct_opportunity. -#}
with measured as (
    select
        team_code,
        fiscal_quarter,
        horizon_code,
        horizon_date,
        is_quarter_over,
        actual_amount,
        'submitted' as forecast_kind,
        submitted_amount as forecast_amount
    from {{ ref('int_forecasts_measured') }}
    union all
    select
        team_code,
        fiscal_quarter,
        horizon_code,
        horizon_date,
        is_quarter_over,
        actual_amount,
        'derived' as forecast_kind,
        derived_amount as forecast_amount
    from {{ ref('int_forecasts_measured') }}
),

judged as (
    select
        measured.*,
        case
            when measured.is_quarter_over and measured.forecast_amount is not null
                then measured.actual_amount
        end as known_actual_amount
    from measured
)

select
    {{ as_of() }} as as_of_date,
    team_code,
    fiscal_quarter,
    horizon_code,
    forecast_kind,
    '{{ var("reporting_currency") }}' as reporting_currency,
    horizon_date,
    is_quarter_over,
    cast(forecast_amount as decimal(18, 4)) as forecast_amount,
    cast(actual_amount as decimal(18, 4)) as actual_amount,
    cast(abs(known_actual_amount - forecast_amount) as decimal(18, 4))
        as absolute_error_amount,
    cast(
        known_actual_amount - abs(known_actual_amount - forecast_amount)
        as decimal(18, 4)
    ) as forecast_accuracy_numerator,
    cast(known_actual_amount as decimal(18, 4)) as forecast_accuracy_denominator,
    {{ safe_ratio(
        'known_actual_amount - abs(known_actual_amount - forecast_amount)',
        'known_actual_amount'
    ) }} as forecast_accuracy_ratio,
    cast(forecast_amount - known_actual_amount as decimal(18, 4))
        as forecast_bias_numerator,
    cast(known_actual_amount as decimal(18, 4)) as forecast_bias_denominator,
    {{ safe_ratio('forecast_amount - known_actual_amount', 'known_actual_amount') }}
        as forecast_bias_ratio,
    case
        when forecast_amount is null then 'no_data'
        when not is_quarter_over then 'immature'
        else 'ok'
    end as forecast_status
from judged
