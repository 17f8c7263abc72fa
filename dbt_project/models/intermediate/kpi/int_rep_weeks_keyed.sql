{#- Grain: rep x ISO week with an active day, an activity or an order, up to as_of.
    Active: employed and in a team on a day of the week. Leave days are counted over the
    calendar, once where leaves overlap. -#}
with calendar as (
    select
        iso_week,
        date_day
    from {{ ref('dim_date') }}
    where date_key > 0
),

weeks as (
    select
        iso_week,
        min(date_day) as week_start_date,
        {{ add_days('min(date_day)', 6) }} as week_end_date
    from calendar
    group by iso_week
),

logged as (
    select
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        week
    from {{ ref('fct_activity') }}
),

first_weeks as (
    select min(week) as first_week from logged
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

leaves as (
    select
        events.rep_code,
        calendar.iso_week as week,
        count(distinct calendar.date_day) as leave_day_count
    from {{ ref('fct_hr_event') }} as events
    inner join calendar
        on
            events.business_date <= calendar.date_day
            and coalesce(events.last_date, {{ as_of() }}) >= calendar.date_day
    where events.event_type = 'leave'
    group by events.rep_code, calendar.iso_week
),

told as (
    select count(*) > 0 as has_leaves from {{ ref('fct_hr_event') }}
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
    union
    select
        rep_code,
        week
    from {{ ref('int_rep_weeks_ordered') }}
)

select
    keys.rep_code,
    keys.week,
    weeks.week_start_date,
    weeks.week_end_date,
    weeks.week_end_date <= {{ as_of() }} as is_over,
    employed.rep_code is not null as is_active,
    case when told.has_leaves then coalesce(leaves.leave_day_count, 0) end
        as leave_day_count
from keys
inner join weeks on keys.week = weeks.iso_week
cross join told
left join employed on keys.rep_code = employed.rep_code and keys.week = employed.week
left join leaves on keys.rep_code = leaves.rep_code and keys.week = leaves.week
