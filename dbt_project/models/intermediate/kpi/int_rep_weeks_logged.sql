{#- Grain: rep x ISO week with an activity. Activities are those of the rep's own that a
    person made; follow-ups also those that a rule made for the rep. -#}
with activities as (
    select
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        week,
        activity_key,
        is_human,
        device,
        is_follow_up,
        created_by_type,
        {{ units('logged_lag_hours') }} as lag_units,
        is_same_day_log,
        row_number() over (
            partition by rep_code, week, is_human, logged_lag_hours is null
            order by logged_lag_hours nulls last, activity_key nulls last
        ) as rank_no,
        count(logged_lag_hours) over (partition by rep_code, week, is_human)
            as rank_count
    from {{ ref('fct_activity') }}
),

lags as (
    select
        rep_code,
        week,
        {{ quantile_of_units('lag_units', 5) }} as lag_median_hours
    from activities
    where is_human and lag_units is not null
    group by rep_code, week
),

logged as (
    select
        rep_code,
        week,
        count(case when is_human then 1 end) as human_count,
        count(case when is_human then device end) as device_count,
        count(case when is_human and device = 'mobile' then 1 end) as mobile_count,
        count(case when is_human then lag_units end) as logged_count,
        count(case when is_human and is_same_day_log then 1 end) as same_day_count,
        count(case when is_follow_up then 1 end) as follow_up_count,
        count(case when is_follow_up and created_by_type = 'rule' then 1 end)
            as automated_count
    from activities
    group by rep_code, week
)

select
    logged.rep_code,
    logged.week,
    logged.human_count,
    logged.device_count,
    logged.mobile_count,
    logged.logged_count,
    logged.same_day_count,
    logged.follow_up_count,
    logged.automated_count,
    lags.lag_median_hours
from logged
left join lags on logged.rep_code = lags.rep_code and logged.week = lags.week
