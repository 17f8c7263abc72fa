{#- Grain: rep x team with a quota or a deal in the fiscal quarter of as_of. K16 from
    the state at as_of: open amount expected to close in the quarter, its quota (prorated
    over the quarter at once) with and without ramp, won so far. What is left is NULL
    where the quota is met or absent. -#}
with quarter_days as (
    select
        quota_key,
        rep_code,
        team_code,
        quota_units,
        interval_days,
        sum(overlap_days) as overlap_days
    from {{ ref('int_rep_quotas_overlapped') }}
    where fiscal_quarter = {{ fiscal_quarter(as_of()) }}
    group by quota_key, rep_code, team_code, quota_units, interval_days
),

full_quotas as (
    select
        rep_code,
        team_code,
        sum({{ money(rounded_div('(quota_units * overlap_days)', 'interval_days')) }})
            as full_quota_amount
    from quarter_days
    group by rep_code, team_code
),

ramps as (
    select
        rep_code,
        team_code,
        sum(full_quota_amount - quota_amount) as ramp_amount
    from {{ ref('int_rep_quotas_prorated') }}
    where fiscal_quarter = {{ fiscal_quarter(as_of()) }}
    group by rep_code, team_code
),

quotas as (
    select
        full_quotas.rep_code,
        full_quotas.team_code,
        full_quotas.full_quota_amount,
        full_quotas.full_quota_amount - ramps.ramp_amount as quota_amount
    from full_quotas
    inner join ramps
        on
            full_quotas.rep_code = ramps.rep_code
            and full_quotas.team_code = ramps.team_code
),

months as (
    select
        fiscal_month,
        fiscal_quarter
    from {{ ref('int_fiscal_months_listed') }}
    where fiscal_quarter = {{ fiscal_quarter(as_of()) }}
),

deals as (
    select
        dealt.rep_code,
        dealt.team_code,
        sum(dealt.won_amount) as won_amount,
        sum(dealt.quarter_open_amount) as open_amount
    from {{ ref('int_rep_months_dealt') }} as dealt
    inner join months on dealt.fiscal_month = months.fiscal_month
    group by dealt.rep_code, dealt.team_code
),

joined as (
    select
        coalesce(quotas.rep_code, deals.rep_code) as rep_code,
        coalesce(quotas.team_code, deals.team_code) as team_code,
        quotas.quota_amount,
        quotas.full_quota_amount,
        coalesce(deals.open_amount, 0) as open_amount,
        quotas.quota_amount - coalesce(deals.won_amount, 0) as left_amount
    from quotas
    full join deals
        on quotas.rep_code = deals.rep_code and quotas.team_code = deals.team_code
)

select
    rep_code,
    team_code,
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
