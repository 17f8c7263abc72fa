{#- Grain: team (and (all)) x fiscal month. Promotions in the twelve months to its
    judged day, by the team of that day; headcount on the first day of those months and on the
    judged day. grade_days of those promotions of which the time before is known. -#}
with months as (
    select
        fiscal_month,
        month_index
    from {{ ref('int_fiscal_months_listed') }}
),

members as (
    select
        team_code,
        month_index,
        day_code
    from {{ ref('int_team_members_listed') }}
    union all
    select
        {{ all_code() }} as team_code,
        month_index,
        day_code
    from {{ ref('int_team_members_listed') }}
),

promotions as (
    select
        team_code,
        fiscal_month,
        grade_days
    from {{ ref('fct_promotion') }}
    where team_code not in ({{ none_code() }}, {{ unknown_code() }})
    union all
    select
        {{ all_code() }} as team_code,
        fiscal_month,
        grade_days
    from {{ ref('fct_promotion') }}
    where team_code not in ({{ none_code() }}, {{ unknown_code() }})
),

placed as (
    select
        team_code,
        case when day_code = 'first' then month_index + 11 else month_index end
            as month_index,
        1 as head_count,
        0 as promotion_count,
        0 as graded_count,
        cast(0 as bigint) as grade_days
    from members
    union all
    select
        promotions.team_code,
        months.month_index,
        0 as head_count,
        1 as promotion_count,
        case when promotions.grade_days is null then 0 else 1 end as graded_count,
        coalesce(promotions.grade_days, 0) as grade_days
    from promotions
    inner join months as promoted on promotions.fiscal_month = promoted.fiscal_month
    inner join months
        on months.month_index between promoted.month_index and promoted.month_index + 11
)

select
    placed.team_code,
    months.fiscal_month,
    {{ money(int_div('sum(placed.head_count) * 10000', 2)) }} as headcount_average,
    sum(placed.promotion_count) as promotion_count,
    sum(placed.graded_count) as graded_count,
    sum(placed.grade_days) as grade_days
from placed
inner join months on placed.month_index = months.month_index
group by placed.team_code, months.fiscal_month
