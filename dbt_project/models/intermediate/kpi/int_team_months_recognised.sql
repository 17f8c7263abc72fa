{#- Grain: team (and (all)) x fiscal month with an active member on its judged day. Of
    those members who had an award in the fiscal quarter to date, wherever they were then;
    awards per member give the Gini index: sum of (2 x rank - n - 1) x awards over n x all
    awards, ranks from the fewest. -#}
with members as (
    select
        rep_code,
        team_code,
        fiscal_month,
        day_date
    from {{ ref('int_team_members_listed') }}
    where day_code = 'last'
),

months as (
    select
        fiscal_month,
        quarter_start_date
    from {{ ref('int_fiscal_months_listed') }}
),

awards as (
    select
        rep_code,
        business_date
    from {{ ref('fct_recognition') }}
),

counted as (
    select
        members.rep_code,
        members.team_code,
        members.fiscal_month,
        sum(
            case
                when awards.business_date >= months.quarter_start_date then 1
                else 0
            end
        ) as award_count
    from members
    inner join months on members.fiscal_month = months.fiscal_month
    left join awards
        on
            members.rep_code = awards.rep_code
            and members.day_date >= awards.business_date
    group by members.rep_code, members.team_code, members.fiscal_month
),

grouped as (
    select
        rep_code,
        team_code,
        fiscal_month,
        award_count
    from counted
    union all
    select
        rep_code,
        {{ all_code() }} as team_code,
        fiscal_month,
        award_count
    from counted
),

ranked as (
    select
        team_code,
        fiscal_month,
        award_count,
        row_number() over (
            partition by team_code, fiscal_month
            order by award_count nulls last, rep_code nulls last
        ) as rank_no,
        count(*) over (partition by team_code, fiscal_month) as member_count
    from grouped
)

select
    team_code,
    fiscal_month,
    count(*) as headcount,
    sum(case when award_count > 0 then 1 else 0 end) as recognised_count,
    sum(award_count) as award_count,
    sum((2 * rank_no - member_count - 1) * award_count) as gini_numerator,
    count(*) * sum(award_count) as gini_denominator
from ranked
group by team_code, fiscal_month
