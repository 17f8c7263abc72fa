{#- Grain: rep x team x fiscal month with a quota of its quarter, or a deal open or won
    in it. K16 on the day the month is judged: open amount expected to close in the quarter,
    its quota with and without ramp, won in the quarter so far. What is left is NULL where
    the quota is met or absent. -#}
with months as (
    select
        fiscal_month,
        fiscal_quarter,
        month_index
    from {{ ref('int_fiscal_months_listed') }}
),

quotas as (
    select
        quoted.rep_code,
        quoted.team_code,
        months.fiscal_month,
        quoted.quota_amount,
        quoted.full_quota_amount
    from {{ ref('int_rep_quarters_quoted') }} as quoted
    inner join months on quoted.fiscal_quarter = months.fiscal_quarter
),

won as (
    select
        dealt.rep_code,
        dealt.team_code,
        later.fiscal_month,
        sum(dealt.won_amount) as won_amount
    from {{ ref('int_rep_months_dealt') }} as dealt
    inner join months on dealt.fiscal_month = months.fiscal_month
    inner join months as later
        on
            months.fiscal_quarter = later.fiscal_quarter
            and months.month_index <= later.month_index
    group by dealt.rep_code, dealt.team_code, later.fiscal_month
),

deals as (
    select
        rep_code,
        team_code,
        fiscal_month,
        sum(won_amount) as won_amount,
        sum(open_amount) as open_amount
    from (
        select
            rep_code,
            team_code,
            fiscal_month,
            won_amount,
            0 as open_amount
        from won
        union all
        select
            rep_code,
            team_code,
            fiscal_month,
            0 as won_amount,
            quarter_open_amount as open_amount
        from {{ ref('int_rep_months_opened') }}
    ) as both_kinds
    group by rep_code, team_code, fiscal_month
),

joined as (
    select
        coalesce(quotas.rep_code, deals.rep_code) as rep_code,
        coalesce(quotas.team_code, deals.team_code) as team_code,
        coalesce(quotas.fiscal_month, deals.fiscal_month) as fiscal_month,
        quotas.full_quota_amount,
        coalesce(deals.open_amount, 0) as open_amount,
        quotas.quota_amount - coalesce(deals.won_amount, 0) as left_amount
    from quotas
    full outer join deals
        on
            quotas.rep_code = deals.rep_code
            and quotas.team_code = deals.team_code
            and quotas.fiscal_month = deals.fiscal_month
)

select
    rep_code,
    team_code,
    fiscal_month,
    case when left_amount > 0 then open_amount end as coverage_remaining_numerator,
    case when left_amount > 0 then left_amount end as coverage_remaining_denominator,
    case when full_quota_amount is not null then open_amount end
        as coverage_target_numerator,
    full_quota_amount as coverage_target_denominator,
    case
        when left_amount is null then 'no_quota'
        when left_amount > 0 then 'open'
        else 'met'
    end as coverage_state
from joined
