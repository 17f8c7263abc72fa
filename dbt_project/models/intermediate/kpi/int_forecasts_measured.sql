{#- Grain: team x fiscal quarter x reached horizon, where the team won in the
    quarter, had a deal open on one of its horizons or committed to it. Submitted:
    the newest commit of the team up to the horizon. Derived: won in the quarter to
    the horizon and the open amount expected to close in it, by probability; NULL
    where a deal open on that day has an unknown amount or expected close. -#}
with horizons as (
    select
        fiscal_quarter,
        quarter_start_date,
        quarter_end_date,
        horizon_code,
        horizon_date,
        is_quarter_over
    from {{ ref('int_forecast_horizons_reached') }}
),

won as (
    select
        team_code,
        closed_date,
        coalesce(amount_reporting, 0) as won_amount
    from {{ ref('fct_opportunity') }}
    where state = 'won'
),

commits as (
    select
        source_system,
        row_id,
        owner_code as team_code,
        period_code as fiscal_quarter,
        submitted_at,
        submitted_date,
        amount_reporting
    from {{ ref('fct_forecast') }}
    where owner_type = 'team' and category = 'commit'
),

open_sums as (
    select
        deals.team_code,
        horizons.fiscal_quarter,
        horizons.horizon_code,
        sum(case when deals.history_status = 'ok' then 0 else 1 end) as unknown_count,
        sum(
            case
                when
                    deals.expected_close_date
                    between horizons.quarter_start_date and horizons.quarter_end_date
                    then coalesce({{ times(
                        'deals.amount_reporting',
                        'coalesce(deals.probability, '
                        ~ stage_probability('deals.stage') ~ ')'
                    ) }}, 0)
                else 0
            end
        ) as open_amount
    from {{ ref('snap_opportunity_day') }} as deals
    inner join horizons on deals.snapshot_date = horizons.horizon_date
    where deals.state = 'open'
    group by deals.team_code, horizons.fiscal_quarter, horizons.horizon_code
),

won_sums as (
    select
        won.team_code,
        horizons.fiscal_quarter,
        horizons.horizon_code,
        sum(won.won_amount) as actual_amount,
        sum(
            case
                when won.closed_date <= horizons.horizon_date then won.won_amount else 0
            end
        ) as won_to_date_amount
    from won
    inner join horizons
        on
            won.closed_date >= horizons.quarter_start_date
            and won.closed_date <= horizons.quarter_end_date
    group by won.team_code, horizons.fiscal_quarter, horizons.horizon_code
),

ranked as (
    select
        commits.team_code,
        horizons.fiscal_quarter,
        horizons.horizon_code,
        commits.amount_reporting,
        row_number() over (
            partition by
                commits.team_code, horizons.fiscal_quarter, horizons.horizon_code
            order by
                commits.submitted_at desc nulls last,
                commits.source_system asc nulls last,
                commits.row_id asc nulls last
        ) as newest_rank
    from commits
    inner join horizons
        on
            commits.fiscal_quarter = horizons.fiscal_quarter
            and commits.submitted_date <= horizons.horizon_date
),

teams as (
    select
        team_code,
        fiscal_quarter
    from open_sums
    union
    select
        team_code,
        fiscal_quarter
    from won_sums
    union
    select
        team_code,
        fiscal_quarter
    from commits
)

select
    teams.team_code,
    horizons.fiscal_quarter,
    horizons.horizon_code,
    horizons.horizon_date,
    horizons.quarter_end_date,
    horizons.is_quarter_over,
    coalesce(won_sums.actual_amount, 0) as actual_amount,
    ranked.amount_reporting as submitted_amount,
    case
        when coalesce(open_sums.unknown_count, 0) = 0
            then
                coalesce(won_sums.won_to_date_amount, 0)
                + coalesce(open_sums.open_amount, 0)
    end as derived_amount
from teams
inner join horizons on teams.fiscal_quarter = horizons.fiscal_quarter
left join won_sums
    on
        teams.team_code = won_sums.team_code
        and teams.fiscal_quarter = won_sums.fiscal_quarter
        and horizons.horizon_code = won_sums.horizon_code
left join open_sums
    on
        teams.team_code = open_sums.team_code
        and teams.fiscal_quarter = open_sums.fiscal_quarter
        and horizons.horizon_code = open_sums.horizon_code
left join ranked
    on
        teams.team_code = ranked.team_code
        and teams.fiscal_quarter = ranked.fiscal_quarter
        and horizons.horizon_code = ranked.horizon_code
        and ranked.newest_rank = 1
