{#- Grain: rep x team x fiscal month of reps who own a key account on the day the month
    is judged; the team is the rep's of that day. K57: those accounts, and how many of
    them had a two-way touch in the month, whoever of us made it. -#}
with owned as (
    select
        master_customer_code,
        fiscal_month,
        judged_date,
        owner_rep_code
    from {{ ref('int_customer_months_described') }}
    where
        coalesce(is_key_account, tier_code = 'A', false)
        and owner_rep_code is not null
),

touched as (
    select
        master_customer_code,
        fiscal_month,
        two_way_touch_count_month
    from {{ ref('int_customer_months_touched') }}
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
    owned.owner_rep_code as rep_code,
    coalesce(teams.team_code, {{ unknown_code() }}) as team_code,
    owned.fiscal_month,
    count(*) as key_account_count,
    count(case when touched.two_way_touch_count_month > 0 then 1 end)
        as touched_key_account_count
from owned
left join touched
    on
        owned.master_customer_code = touched.master_customer_code
        and owned.fiscal_month = touched.fiscal_month
left join teams
    on
        owned.owner_rep_code = teams.rep_code
        and {{ version_on('teams', 'owned.judged_date') }}
group by
    owned.owner_rep_code,
    coalesce(teams.team_code, {{ unknown_code() }}),
    owned.fiscal_month
