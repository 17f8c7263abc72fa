{#- Grain: rep x team x fiscal month with an active day: employed (hire to exit, both
    included) and in the team on that day. The open month counts days up to as_of. -#}
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
)

select
    rep_code,
    team_code,
    fiscal_month,
    sum(active_days) as active_day_count,
    {{ money(int_div('(sum(is_active_first) + sum(is_active_last)) * 10000', 2)) }}
        as headcount_average
from worked
group by rep_code, team_code, fiscal_month
