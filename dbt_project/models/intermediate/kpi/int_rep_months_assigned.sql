{#- Grain: rep x team x fiscal month with a day of employment (hire to exit, both
    included) in the team. A day on leave is none of the active ones; leaves that overlap
    count a day once. The open month counts days up to as_of. -#}
with versions as (
    select
        rep_code,
        team_code,
        greatest(match_from, hire_date) as active_from,
        case
            when exit_date is null then valid_to
            else least(valid_to, {{ add_days('exit_date', 1) }})
        end as active_to
    from {{ ref('int_rep_roles_started') }}
    where hire_date is not null
),

months as (
    select
        fiscal_month,
        month_start_date,
        judged_date,
        {{ add_days('judged_date', 1) }} as after_judged_date
    from {{ ref('int_fiscal_months_listed') }}
),

worked as (
    select
        versions.rep_code,
        versions.team_code,
        months.fiscal_month,
        {{ days_between(
            'greatest(versions.active_from, months.month_start_date)',
            'least(versions.active_to, months.after_judged_date)'
        ) }} as active_days,
        case
            when
                versions.active_from <= months.month_start_date
                and versions.active_to > months.month_start_date
                then 1
            else 0
        end as is_active_first,
        case
            when
                versions.active_from <= months.judged_date
                and versions.active_to > months.judged_date
                then 1
            else 0
        end as is_active_last
    from versions
    inner join months
        on
            versions.active_from <= months.judged_date
            and versions.active_to > months.month_start_date
    where versions.active_from < versions.active_to
),

leave_days as (
    select distinct
        events.rep_code,
        calendar.date_day
    from {{ ref('fct_hr_event') }} as events
    inner join {{ ref('dim_date') }} as calendar
        on
            events.business_date <= calendar.date_day
            and coalesce(events.last_date, {{ as_of() }}) >= calendar.date_day
    where events.event_type = 'leave'
),

absent as (
    select
        versions.rep_code,
        versions.team_code,
        months.fiscal_month,
        count(*) as leave_days,
        sum(case when leave_days.date_day = months.month_start_date then 1 else 0 end)
            as is_absent_first,
        sum(case when leave_days.date_day = months.judged_date then 1 else 0 end)
            as is_absent_last
    from versions
    inner join leave_days
        on
            versions.rep_code = leave_days.rep_code
            and versions.active_from <= leave_days.date_day
            and versions.active_to > leave_days.date_day
    inner join months
        on
            leave_days.date_day >= months.month_start_date
            and leave_days.date_day <= months.judged_date
    group by versions.rep_code, versions.team_code, months.fiscal_month
),

summed as (
    select
        rep_code,
        team_code,
        fiscal_month,
        sum(active_days) as active_days,
        sum(is_active_first) + sum(is_active_last) as active_ends
    from worked
    group by rep_code, team_code, fiscal_month
)

select
    summed.rep_code,
    summed.team_code,
    summed.fiscal_month,
    summed.active_days - coalesce(absent.leave_days, 0) as active_day_count,
    coalesce(absent.leave_days, 0) as leave_day_count,
    {{ money(int_div(
        '(summed.active_ends - coalesce(absent.is_absent_first + absent.is_absent_last, 0))'
        ~ ' * 10000',
        2
    )) }} as headcount_average
from summed
left join absent
    on
        summed.rep_code = absent.rep_code
        and summed.team_code = absent.team_code
        and summed.fiscal_month = absent.fiscal_month
