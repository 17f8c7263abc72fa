{#- Grain: rep x team x fiscal month with a week of the rep that is judged. K54: a week
    belongs to the month, and the team, of its Monday; only weeks that are over, in which
    the rep is active and not on leave for more days than allowed. -#}
with weeks as (
    select
        rep_code,
        week,
        week_start_date
    from {{ ref('int_rep_weeks_keyed') }}
    where is_over and {{ is_adoption_due() }}
),

logged as (
    select
        rep_code,
        week,
        human_count
    from {{ ref('int_rep_weeks_logged') }}
),

teams as (
    select
        rep_code,
        team_code,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
)

select
    weeks.rep_code,
    teams.team_code,
    {{ fiscal_month('weeks.week_start_date') }} as fiscal_month,
    count(*) as due_count,
    count(
        case
            when logged.human_count >= {{ definition('adoption_min_events') }} then 1
        end
    ) as adopted_count
from weeks
inner join teams
    on
        weeks.rep_code = teams.rep_code
        and {{ version_on('teams', 'weeks.week_start_date') }}
left join logged on weeks.rep_code = logged.rep_code and weeks.week = logged.week
group by
    weeks.rep_code,
    teams.team_code,
    {{ fiscal_month('weeks.week_start_date') }}
