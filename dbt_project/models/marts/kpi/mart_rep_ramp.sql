{#- Grain: rep x start of a role (a change of role, or a rehire, starts anew).
    Not additive: months. Shares: add their parts over rows. The median is one figure of
    all rows.
    Rule: K09 of quality/metrics.yml; shares are of the last fiscal quarter that is
    over, for whom held the role on its last day. Owner sales_operations.
    Source: dim_sales_rep, fct_quota, bridge_order_credit. -#}
with stints as (
    select
        rep_code,
        role_start_date,
        role_code,
        start_index,
        valid_to,
        exit_date,
        is_observed,
        reached_months,
        coalesce(reached_months, followed_months) as ramp_months,
        reached_months is not null as is_reached
    from {{ ref('int_rep_stints_followed') }}
),

observed as (
    select
        'company' as scope_code,
        ramp_months,
        is_reached
    from stints
    where is_observed
),

curve as (
    {{ km_medians(
        'observed', ['scope_code'], 'ramp_months', 'is_reached'
    ) | indent(4) }}
),

quarters as (
    select
        fiscal_quarter,
        quarter_end_date,
        max(month_index) as month_index
    from {{ ref('int_fiscal_months_listed') }}
    where quarter_end_date <= {{ as_of() }}
    group by fiscal_quarter, quarter_end_date
),

last_quarter as (
    select
        max(quarter_end_date) as quarter_end_date,
        max(fiscal_quarter) as fiscal_quarter,
        max(month_index) as month_index
    from quarters
),

attained as (
    select
        rep_code,
        fiscal_quarter,
        sum(attained_amount) as attained_amount,
        sum(full_quota_amount) as full_quota_amount,
        sum(quota_amount) as quota_amount
    from {{ ref('int_rep_months_attained') }}
    group by rep_code, fiscal_quarter
),

judged as (
    select
        stints.*,
        last_quarter.fiscal_quarter,
        last_quarter.month_index - stints.start_index + 1 as tenure_months,
        attained.attained_amount,
        attained.full_quota_amount,
        attained.quota_amount
    from stints
    cross join last_quarter
    left join attained
        on
            stints.rep_code = attained.rep_code
            and last_quarter.fiscal_quarter = attained.fiscal_quarter
            and stints.role_start_date <= last_quarter.quarter_end_date
            and stints.valid_to > last_quarter.quarter_end_date
            and coalesce(stints.exit_date, {{ last_day_of_time() }})
            >= last_quarter.quarter_end_date
),

counted as (
    select
        *,
        case
            when tenure_months > {{ definition('ramp_months') }} and quota_amount > 0
                then 1
            else 0
        end as ramped_count,
        case
            when
                tenure_months <= {{ definition('ramp_months') }}
                and full_quota_amount > 0
                then 1
            else 0
        end as ramping_count
    from judged
),

reached as (
    select
        *,
        case when attained_amount >= quota_amount then ramped_count else 0 end
            as ramped_reached,
        case
            when attained_amount >= {{ times(
                'full_quota_amount', "cast('0.7' as decimal(9, 4))"
            ) }} then ramping_count
            else 0
        end as ramping_reached
    from counted
)

select
    {{ as_of() }} as as_of_date,
    reached.rep_code,
    reached.role_start_date,
    reached.role_code,
    reached.valid_to > {{ as_of() }}
    and coalesce(reached.exit_date > {{ as_of() }}, true) as is_current_role,
    cast(case when reached.is_observed then reached.ramp_months end as bigint)
        as ramp_months,
    case when reached.is_observed then not reached.is_reached end as is_censored,
    reached.fiscal_quarter as share_quarter,
    cast(reached.ramped_reached as decimal(18, 4)) as ramped_numerator,
    cast(reached.ramped_count as decimal(18, 4)) as ramped_denominator,
    {{ safe_ratio('reached.ramped_reached', 'reached.ramped_count') }} as ramped_ratio,
    cast(reached.ramping_reached as decimal(18, 4)) as ramping_numerator,
    cast(reached.ramping_count as decimal(18, 4)) as ramping_denominator,
    {{ safe_ratio('reached.ramping_reached', 'reached.ramping_count') }}
        as ramping_ratio,
    cast(curve.km_median as bigint) as ramp_km_median_months,
    cast(curve.longest_observed as bigint) as ramp_longest_months,
    cast(coalesce(curve.member_count, 0) as bigint) as ramp_case_count,
    case
        when not reached.is_observed then 'no_data'
        when curve.member_count < {{ definition('low_n') }} then 'low_n'
        else 'ok'
    end as ramp_status
from reached
left join curve on curve.scope_code = 'company'
