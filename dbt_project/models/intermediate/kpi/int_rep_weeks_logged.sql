{#- Grain: rep x ISO week with an active day or an activity, up to as_of. Active:
    employed and in a team on a day of the week. Activities are those of the rep's own
    that a person made; follow-ups also those that a rule made for the rep. -#}
with weeks as (
    select
        iso_week,
        min(date_day) as week_start_date,
        {{ add_days('min(date_day)', 6) }} as week_end_date
    from {{ ref('dim_date') }}
    where date_key > 0
    group by iso_week
),

activities as (
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
),

first_weeks as (
    select min(week) as first_week from activities
),

employed as (
    select distinct
        reps.rep_code,
        weeks.iso_week as week
    from {{ ref('int_rep_roles_started') }} as reps
    inner join weeks
        on
            greatest(reps.match_from, reps.hire_date) <= weeks.week_end_date
            and reps.valid_to > weeks.week_start_date
    cross join first_weeks
    where
        reps.hire_date is not null
        and (reps.exit_date is null or reps.exit_date >= weeks.week_start_date)
        and reps.hire_date <= {{ as_of() }}
        and weeks.week_start_date <= {{ as_of() }}
        and weeks.iso_week >= first_weeks.first_week
),

keys as (
    select
        rep_code,
        week
    from employed
    union
    select
        rep_code,
        week
    from logged
)

select
    keys.rep_code,
    keys.week,
    weeks.week_start_date,
    weeks.week_end_date <= {{ as_of() }} as is_over,
    employed.rep_code is not null as is_active,
    coalesce(logged.human_count, 0) as human_count,
    coalesce(logged.device_count, 0) as device_count,
    coalesce(logged.mobile_count, 0) as mobile_count,
    coalesce(logged.logged_count, 0) as logged_count,
    coalesce(logged.same_day_count, 0) as same_day_count,
    coalesce(logged.follow_up_count, 0) as follow_up_count,
    coalesce(logged.automated_count, 0) as automated_count,
    lags.lag_median_hours
from keys
inner join weeks on keys.week = weeks.iso_week
left join employed on keys.rep_code = employed.rep_code and keys.week = employed.week
left join logged on keys.rep_code = logged.rep_code and keys.week = logged.week
left join lags on keys.rep_code = lags.rep_code and keys.week = lags.week
