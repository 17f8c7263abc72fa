{#- Grain: rep x team x fiscal month of creation with a deal of it won or open. K13
    Kaplan-Meier: won after its cycle, or open and censored at its age at as_of. Lost and
    merged deals are no case, as in the plain median: once none of the cohort is open it
    is the lower median of its deals won. -#}
with deals as (
    select
        coalesce(owner_rep_code, {{ none_code() }}) as rep_code,
        created_date,
        state = 'won' as is_won,
        case
            when state = 'won' then cast(cycle_days as bigint)
            else cast({{ days_between('created_date', as_of()) }} as bigint)
        end as watched_days
    from {{ ref('fct_opportunity') }}
    where state in ('won', 'open')
),

teams as (
    select
        rep_code,
        team_code,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
),

cases as (
    select
        deals.rep_code,
        coalesce(teams.team_code, {{ unknown_code() }}) as team_code,
        {{ fiscal_month('deals.created_date') }} as fiscal_month,
        deals.watched_days,
        deals.is_won
    from deals
    left join teams
        on
            deals.rep_code = teams.rep_code
            and {{ version_on('teams', 'deals.created_date') }}
),

curves as (
    {{ km_medians(
        'cases', ['rep_code', 'team_code', 'fiscal_month'], 'watched_days', 'is_won'
    ) }}
)

select
    rep_code,
    team_code,
    fiscal_month,
    km_median as sales_cycle_km_median_days
from curves
