{#- Grain: rep x ISO week with an active day or an activity; (none) holds what no rep
    did.
    Not additive: ratios (sum the parts), logging_lag_median_hours.
    Rule: K54, K62, K63, K64 of quality/metrics.yml, owner sales_operations. K54: a rep
    active in the week with at least five human activities of their own; only weeks that
    are over. Weeks on leave are not known here and count: status partial.
    Source: fct_activity, dim_sales_rep. -#}
with logged as (
    select
        rep_code,
        week,
        week_start_date,
        is_over,
        is_active,
        human_count,
        device_count,
        mobile_count,
        logged_count,
        same_day_count,
        follow_up_count,
        automated_count,
        lag_median_hours
    from {{ ref('int_rep_weeks_logged') }}
),

parts as (
    select
        rep_code,
        week,
        case
            when
                is_over and is_active
                and human_count >= {{ definition('adoption_min_events') }}
                then 1
            when is_over then 0
        end as adopted_count,
        case
            when is_over and is_active then 1
            when is_over then 0
        end as due_count
    from logged
)

select
    {{ as_of() }} as as_of_date,
    logged.rep_code,
    logged.week,
    logged.week_start_date,
    {{ fiscal_month('logged.week_start_date') }} as fiscal_month,
    logged.is_active,
    cast(logged.human_count as bigint) as activity_count,
    cast(parts.adopted_count as decimal(18, 4)) as crm_adoption_numerator,
    cast(parts.due_count as decimal(18, 4)) as crm_adoption_denominator,
    {{ safe_ratio('parts.adopted_count', 'parts.due_count') }} as crm_adoption_ratio,
    cast(logged.mobile_count as decimal(18, 4)) as mobile_activity_numerator,
    cast(logged.device_count as decimal(18, 4)) as mobile_activity_denominator,
    {{ safe_ratio('logged.mobile_count', 'logged.device_count') }}
        as mobile_activity_ratio,
    cast(logged.human_count - logged.device_count as bigint) as device_unknown_count,
    cast(logged.lag_median_hours as decimal(18, 4)) as logging_lag_median_hours,
    cast(logged.same_day_count as decimal(18, 4)) as same_day_log_numerator,
    cast(logged.logged_count as decimal(18, 4)) as same_day_log_denominator,
    {{ safe_ratio('logged.same_day_count', 'logged.logged_count') }}
        as same_day_log_ratio,
    cast(logged.automated_count as decimal(18, 4)) as automation_numerator,
    cast(logged.follow_up_count as decimal(18, 4)) as automation_denominator,
    {{ safe_ratio('logged.automated_count', 'logged.follow_up_count') }}
        as automation_ratio,
    case when logged.is_over then 'partial' else 'immature' end as adoption_status
from logged
inner join parts on logged.rep_code = parts.rep_code and logged.week = parts.week
