{#- Grain: forecast as submitted by an owner (rep, team or company) for one period and
    category. Not additive: over submissions (the newest holds), categories and levels of
    owner. Converted at the plan rate of the fiscal year of the period (E4). The period is
    a fiscal month or quarter; its days are NULL where the text is neither. Source:
    crm.forecasts. -#}

with forecasts as (
    select
        source_system,
        row_id,
        owner_type,
        owner_code,
        period,
        submitted_at,
        submitted_date,
        category,
        currency,
        amount,
        fx_rate
    from {{ ref('int_forecasts_judged') }}
    where verdict = 'accepted'
),

days as (
    select
        date_day,
        fiscal_month,
        fiscal_quarter
    from {{ ref('dim_date') }}
    where date_key > 0
),

periods as (
    select
        fiscal_month as period,
        min(date_day) as period_start_date,
        max(date_day) as period_end_date
    from days
    group by fiscal_month
    union all
    select
        fiscal_quarter as period,
        min(date_day) as period_start_date,
        max(date_day) as period_end_date
    from days
    group by fiscal_quarter
)

select
    {{ surrogate_key([
        'forecasts.source_system', 'forecasts.owner_type', 'forecasts.owner_code',
        'forecasts.period', 'forecasts.submitted_at', 'forecasts.category'
    ]) }} as forecast_key,
    forecasts.source_system,
    forecasts.row_id,
    forecasts.owner_type,
    forecasts.owner_code,
    case forecasts.owner_type
        when 'team' then forecasts.owner_code
        when 'rep' then coalesce(reps.team_code, {{ unknown_code() }})
        else {{ none_code() }}
    end as team_code,
    forecasts.period as period_code,
    periods.period_start_date,
    periods.period_end_date,
    forecasts.submitted_at,
    forecasts.submitted_date,
    forecasts.category,
    forecasts.currency,
    forecasts.amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    {{ times('forecasts.amount', 'forecasts.fx_rate') }} as amount_reporting
from forecasts
left join periods on forecasts.period = periods.period
left join {{ ref('dim_sales_rep') }} as reps
    on
        case when forecasts.owner_type = 'rep' then forecasts.owner_code end
        = reps.rep_code
        and {{ version_on('reps', 'forecasts.submitted_date') }}
