{#- Grain: rep x team x fiscal month (all rows of the scorecard). Days, credited money
    and quota; a part that no source of the rep delivers is NULL. -#}
with keyed as (
    select
        rep_code,
        team_code,
        fiscal_month,
        current_team_code,
        manager_code,
        role_code,
        plan_code,
        tenure_months,
        ramp_state
    from {{ ref('int_rep_months_keyed') }}
),

assigned as (
    select
        rep_code,
        team_code,
        fiscal_month,
        active_day_count,
        leave_day_count,
        headcount_average
    from {{ ref('int_rep_months_assigned') }}
),

credited as (
    select
        rep_code,
        team_code,
        fiscal_month,
        credited_gross_revenue,
        credited_discount_amount,
        credited_return_amount,
        credited_net_revenue,
        credited_margin_amount,
        order_credit_count,
        overlay_net_revenue_memo,
        attained_gross_revenue,
        attained_net_revenue,
        attained_margin_amount
    from {{ ref('int_rep_months_credited') }}
),

quotas as (
    select
        rep_code,
        team_code,
        fiscal_month,
        quota_metric,
        quota_amount,
        full_quota_amount
    from {{ ref('int_rep_quotas_prorated') }}
),

own as (
    select
        scope_code,
        has_returns,
        has_discounts,
        has_costs,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'rep'
),

company as (
    select
        has_returns,
        has_discounts,
        has_costs,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
)

select
    keyed.*,
    coalesce(assigned.active_day_count, 0) as active_day_count,
    coalesce(assigned.leave_day_count, 0) as leave_day_count,
    coalesce(assigned.headcount_average, 0) as headcount_average,
    coalesce(credited.credited_gross_revenue, 0) as credited_gross_revenue,
    case
        when coalesce(own.has_discounts, company.has_discounts)
            then coalesce(credited.credited_discount_amount, 0)
    end as credited_discount_amount,
    case
        when coalesce(own.has_returns, company.has_returns)
            then coalesce(credited.credited_return_amount, 0)
    end as credited_return_amount,
    coalesce(credited.credited_net_revenue, 0) as credited_net_revenue,
    case
        when credited.rep_code is not null then credited.credited_margin_amount
        when coalesce(own.has_costs, company.has_costs) then 0
    end as credited_margin_amount,
    coalesce(credited.order_credit_count, 0) as order_credit_count,
    coalesce(credited.overlay_net_revenue_memo, 0) as overlay_net_revenue_memo,
    quotas.quota_amount,
    quotas.full_quota_amount,
    case quotas.quota_metric
        when 'net_revenue' then coalesce(credited.attained_net_revenue, 0)
        when 'gross_revenue' then coalesce(credited.attained_gross_revenue, 0)
        when 'margin' then coalesce(credited.attained_margin_amount, 0)
    end as attainment_numerator,
    coalesce(own.revenue_status, company.revenue_status) as revenue_status
from keyed
cross join company
left join assigned
    on
        keyed.rep_code = assigned.rep_code
        and keyed.team_code = assigned.team_code
        and keyed.fiscal_month = assigned.fiscal_month
left join credited
    on
        keyed.rep_code = credited.rep_code
        and keyed.team_code = credited.team_code
        and keyed.fiscal_month = credited.fiscal_month
left join quotas
    on
        keyed.rep_code = quotas.rep_code
        and keyed.team_code = quotas.team_code
        and keyed.fiscal_month = quotas.fiscal_month
left join own on keyed.rep_code = own.scope_code
