{#- Grain: role x fiscal quarter that is over, with a rep on a quota and in the ledger
    of variable pay; a mart of its own, because no other has a row for a role.
    Not additive: a rank correlation has no parts that sum.
    Rule: K69 of quality/metrics.yml, owner finance: Spearman's rho, ties with their
    average rank. NULL below eight reps (low_n), below five suppressed (P03), and where
    all have the same pay or the same attainment (not_estimable).
    Source: fct_commission_accrual, bridge_order_credit, fct_quota. -#}
{%- set spread = 'member_count * pay_squares - pay_ranks * pay_ranks' %}
{%- set reach = 'member_count * goal_squares - goal_ranks * goal_ranks' %}

with performed as (
    select
        rep_code,
        fiscal_quarter,
        role_code,
        pay_amount,
        attainment
    from {{ ref('int_rep_quarters_performed') }}
),

placed as (
    select
        fiscal_quarter,
        role_code,
        2 * rank() over (
            partition by fiscal_quarter, role_code order by pay_amount nulls last
        ) - 1 + count(*) over (
            partition by fiscal_quarter, role_code, pay_amount
        ) as pay_rank,
        2 * rank() over (
            partition by fiscal_quarter, role_code order by attainment nulls last
        ) - 1 + count(*) over (
            partition by fiscal_quarter, role_code, attainment
        ) as goal_rank
    from performed
),

summed as (
    select
        fiscal_quarter,
        role_code,
        count(*) as member_count,
        sum(pay_rank) as pay_ranks,
        sum(goal_rank) as goal_ranks,
        sum(pay_rank * pay_rank) as pay_squares,
        sum(goal_rank * goal_rank) as goal_squares,
        sum(pay_rank * goal_rank) as products
    from placed
    group by fiscal_quarter, role_code
),

judged as (
    select
        fiscal_quarter,
        role_code,
        member_count,
        {{ correlation(
            'member_count * products - pay_ranks * goal_ranks', spread, reach
        ) }} as rho,
        case
            when member_count < {{ definition('low_n') }} then 'suppressed'
            when member_count < {{ definition('correlation_minimum') }} then 'low_n'
            when {{ spread }} = 0 or {{ reach }} = 0 then 'not_estimable'
            else 'ok'
        end as status
    from summed
)

select
    {{ as_of() }} as as_of_date,
    role_code,
    fiscal_quarter,
    cast(member_count as bigint) as member_count,
    case when status = 'ok' then rho end as pay_performance_correlation,
    status as pay_performance_status
from judged
