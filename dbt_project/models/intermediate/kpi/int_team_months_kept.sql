{#- Grain: team (and (all), their sum) x fiscal month. Members active on its judged day,
    with an award in the fiscal quarter to date or without; only of cells of one team,
    role and tenure band in which there are both (matched). kept: still employed twelve
    months after that day, the last day of work counting. An association, never a cause:
    who is recognised was not drawn by lot. -#}
with members as (
    select
        rep_code,
        team_code,
        role_code,
        fiscal_month,
        day_date,
        case
            when role_start_date is null then 'unknown'
            when {{ add_months('role_start_date', 12) }} > day_date then 'first year'
            when {{ add_months('role_start_date', 36) }} > day_date then 'to three'
            else 'longer'
        end as tenure_band,
        {{ add_months('day_date', 12) }} as followed_date
    from {{ ref('int_team_members_listed') }}
    where day_code = 'last'
),

months as (
    select
        fiscal_month,
        quarter_start_date
    from {{ ref('int_fiscal_months_listed') }}
),

recognised as (
    select distinct
        members.rep_code,
        members.fiscal_month
    from members
    inner join months on members.fiscal_month = months.fiscal_month
    inner join {{ ref('fct_recognition') }} as awards
        on
            members.rep_code = awards.rep_code
            and members.day_date >= awards.business_date
            and months.quarter_start_date <= awards.business_date
),

followed as (
    select
        members.team_code,
        members.role_code,
        members.tenure_band,
        members.fiscal_month,
        case when recognised.rep_code is null then 0 else 1 end as is_recognised,
        case
            when
                later.hire_date <= members.followed_date
                and coalesce(later.exit_date, {{ last_day_of_time() }})
                >= members.followed_date
                then 1
            else 0
        end as is_kept
    from members
    left join recognised
        on
            members.rep_code = recognised.rep_code
            and members.fiscal_month = recognised.fiscal_month
    left join {{ ref('int_rep_roles_started') }} as later
        on
            members.rep_code = later.rep_code
            and {{ version_on('later', 'members.followed_date') }}
),

cells as (
    select
        team_code,
        fiscal_month,
        sum(is_recognised) as recognised_count,
        sum(is_recognised * is_kept) as recognised_kept_count,
        sum(1 - is_recognised) as other_count,
        sum((1 - is_recognised) * is_kept) as other_kept_count
    from followed
    group by team_code, role_code, tenure_band, fiscal_month
    having sum(is_recognised) > 0 and sum(1 - is_recognised) > 0
),

grouped as (
    select * from cells
    union all
    select
        {{ all_code() }} as team_code,
        fiscal_month,
        recognised_count,
        recognised_kept_count,
        other_count,
        other_kept_count
    from cells
)

select
    team_code,
    fiscal_month,
    sum(recognised_count) as recognised_count,
    sum(recognised_kept_count) as recognised_kept_count,
    sum(other_count) as other_count,
    sum(other_kept_count) as other_kept_count
from grouped
group by team_code, fiscal_month
