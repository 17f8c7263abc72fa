{#- Grain: team x fiscal month x reporting currency, and one row (all) a month, the
    company. Real teams and real reps alone: what nobody sold ((none), (unknown)) is in no
    productivity, so the parts fall short of the company's K02.
    Not additive: rates (sum the parts of teams); (all) repeats its teams; heads and the
    parts with base pay hold for their month. K67 with base pay is about reps who have it,
    NULL and suppressed for fewer than five, also by subtraction (P03).
    Rule: K94, K67 of quality/metrics.yml, owners sales_operations, finance. Source:
    bridge_order_credit, dim_sales_rep, fct_activity, dim_comp_plan, fct_commission_accrual. -#}
with produced as (
    select
        team_code,
        fiscal_month,
        active_rep_count,
        credited_net_revenue,
        headcount_average,
        two_way_touch_count,
        active_day_count,
        base_pay_rep_count,
        pay_amount,
        paid_net_revenue,
        productivity_status,
        touch_status,
        pay_status
    from {{ ref('int_team_months_produced') }}
),

months as (
    select
        fiscal_month,
        fiscal_quarter,
        is_period_closed
    from {{ ref('int_fiscal_months_listed') }}
)

select
    {{ as_of() }} as as_of_date,
    produced.team_code,
    produced.fiscal_month,
    '{{ var("reporting_currency") }}' as reporting_currency,
    months.fiscal_quarter,
    months.is_period_closed,
    cast(produced.active_rep_count as bigint) as active_rep_count,
    {{ average_of('produced.credited_net_revenue', 'produced.headcount_average') }}
        as net_revenue_per_head,
    cast(produced.credited_net_revenue as decimal(18, 4))
        as net_revenue_per_head_numerator,
    cast(produced.headcount_average as decimal(18, 4))
        as net_revenue_per_head_denominator,
    {{ average_of('produced.two_way_touch_count', 'produced.active_day_count') }}
        as two_way_touches_per_day,
    cast(produced.two_way_touch_count as decimal(18, 4))
        as two_way_touches_per_day_numerator,
    cast(produced.active_day_count as decimal(18, 4))
        as two_way_touches_per_day_denominator,
    cast(produced.base_pay_rep_count as bigint) as base_pay_rep_count,
    cast(produced.pay_amount as decimal(18, 4))
        as commission_cost_with_base_pay_numerator,
    cast(produced.paid_net_revenue as decimal(18, 4))
        as commission_cost_with_base_pay_denominator,
    {{ safe_ratio('produced.pay_amount', 'produced.paid_net_revenue') }}
        as commission_cost_with_base_pay_ratio,
    produced.productivity_status,
    produced.touch_status,
    produced.pay_status as commission_cost_with_base_pay_status
from produced
inner join months on produced.fiscal_month = months.fiscal_month
