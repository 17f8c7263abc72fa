{#- Grain: team x day on which the team has an open deal, or had one the day before.
    Quota of its reps for the fiscal quarter of the day, and what is left of it after what was
    won up to that day (K16): NULL where nothing is left, or no quota. -#}
with keys as (
    select distinct
        team_code,
        snapshot_date
    from {{ ref('int_pipeline_days_flowed') }}
),

quotas as (
    select
        team_code,
        fiscal_quarter,
        sum(quota_amount) as quota_amount,
        sum(full_quota_amount) as full_quota_amount
    from {{ ref('int_rep_quarters_quoted') }}
    group by team_code, fiscal_quarter
),

won as (
    select
        team_code,
        closed_date,
        sum(amount_reporting) as won_amount
    from {{ ref('fct_opportunity') }}
    where state = 'won'
    group by team_code, closed_date
),

days as (
    select
        teams.team_code,
        calendar.date_day,
        calendar.fiscal_quarter,
        sum(coalesce(won.won_amount, 0)) over (
            partition by teams.team_code, calendar.fiscal_quarter
            order by calendar.date_day nulls last
            rows between unbounded preceding and current row
        ) as won_amount
    from (
        select
            team_code,
            min(snapshot_date) as first_date
        from keys
        group by team_code
    ) as teams
    inner join {{ ref('int_quarter_days_listed') }} as calendar
        on teams.first_date <= calendar.quarter_end_date
    left join won
        on
            teams.team_code = won.team_code
            and calendar.date_day = won.closed_date
)

select
    keys.team_code,
    keys.snapshot_date,
    case
        when quotas.quota_amount - days.won_amount > 0
            then quotas.quota_amount - days.won_amount
    end as left_amount,
    quotas.full_quota_amount,
    case
        when quotas.full_quota_amount is null then 'no_quota'
        when quotas.quota_amount - days.won_amount > 0 then 'open'
        else 'met'
    end as coverage_state
from keys
inner join days
    on
        keys.team_code = days.team_code
        and keys.snapshot_date = days.date_day
left join quotas
    on
        days.team_code = quotas.team_code
        and days.fiscal_quarter = quotas.fiscal_quarter
