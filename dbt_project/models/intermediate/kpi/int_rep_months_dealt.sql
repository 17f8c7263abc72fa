{#- Grain: rep x team x fiscal month with a deal closed or created in it.
    Merged deals are out, abandoned are lost. Closed deals count in the team of the close
    date, the created cohort (K11 twin) in the team of the creation date. -#}
with deals as (
    select
        opportunity_key,
        coalesce(owner_rep_code, {{ none_code() }}) as rep_code,
        team_code,
        case when state = 'abandoned' then 'lost' else state end as state,
        created_date,
        closed_date,
        amount_reporting,
        cycle_days
    from {{ ref('fct_opportunity') }}
    where state <> 'merged'
),

teams as (
    select
        rep_code,
        team_code,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
),

created as (
    select
        deals.rep_code,
        coalesce(teams.team_code, {{ unknown_code() }}) as team_code,
        {{ fiscal_month('deals.created_date') }} as fiscal_month,
        1 as created_count,
        case
            when
                deals.state = 'won'
                and {{ days_between('deals.created_date', 'deals.closed_date') }}
                <= {{ definition('win_window_days') }}
                then 1
            else 0
        end as won_in_window_count
    from deals
    left join teams
        on
            deals.rep_code = teams.rep_code
            and {{ version_on('teams', 'deals.created_date') }}
),

created_sums as (
    select
        rep_code,
        team_code,
        fiscal_month,
        sum(created_count) as created_count,
        sum(won_in_window_count) as won_in_window_count
    from created
    group by rep_code, team_code, fiscal_month
),

closed_sums as (
    select
        rep_code,
        team_code,
        {{ fiscal_month('closed_date') }} as fiscal_month,
        count(case when state = 'won' then 1 end) as won_count,
        count(case when state = 'lost' then 1 end) as lost_count,
        coalesce(sum(case when state = 'won' then amount_reporting end), 0)
            as won_amount,
        coalesce(sum(case when state = 'lost' then amount_reporting end), 0)
            as lost_amount,
        count(case when amount_reporting is null then 1 end) as amount_missing_count,
        sum(case when state = 'won' then cycle_days end) as won_cycle_days
    from deals
    where state in ('won', 'lost')
    group by rep_code, team_code, {{ fiscal_month('closed_date') }}
),

keys as (
    select
        rep_code,
        team_code,
        fiscal_month
    from created_sums
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from closed_sums
)

select
    keys.rep_code,
    keys.team_code,
    keys.fiscal_month,
    coalesce(created_sums.created_count, 0) as created_count,
    coalesce(created_sums.won_in_window_count, 0) as won_in_window_count,
    coalesce(closed_sums.won_count, 0) as won_count,
    coalesce(closed_sums.lost_count, 0) as lost_count,
    coalesce(closed_sums.won_amount, 0) as won_amount,
    coalesce(closed_sums.lost_amount, 0) as lost_amount,
    coalesce(closed_sums.amount_missing_count, 0) as amount_missing_count,
    coalesce(closed_sums.won_cycle_days, 0) as won_cycle_days
from keys
left join created_sums
    on
        keys.rep_code = created_sums.rep_code
        and keys.team_code = created_sums.team_code
        and keys.fiscal_month = created_sums.fiscal_month
left join closed_sums
    on
        keys.rep_code = closed_sums.rep_code
        and keys.team_code = closed_sums.team_code
        and keys.fiscal_month = closed_sums.fiscal_month
