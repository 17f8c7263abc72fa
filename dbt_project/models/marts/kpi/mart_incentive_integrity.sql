{#- Grain: rep x fiscal quarter with a credit, an open deal at its end, an edit, a
    ledger row or an outbound touch. Signals with their evidence, never verdicts.
    Not additive: ratios and discount_rate_difference (sum the parts); order counts over
    reps (a shared order counts for each). (none) and (unknown) are rows, so that
    period_end_revenue_denominator adds up to K02 of quarters that are over.
    Rule: K93, K68 of quality/metrics.yml, owner finance; NULL where the status says
    no_data or immature (the quarter, or the time to reply to its last touch, not over).
    Source: bridge_order_credit, snap_opportunity_day, fct_commission_accrual,
    fct_activity. -#}
{%- set low_n = definition('low_n') -%}

with signalled as (
    select * from {{ ref('int_rep_quarters_signalled') }}
),

quarters as (
    select
        fiscal_quarter,
        quarter_end_date,
        period_end_start_date,
        is_over,
        is_answered
    from {{ ref('int_quarters_bounded') }}
),

own as (
    select
        scope_code,
        has_discounts,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'rep'
),

company as (
    select
        has_discounts,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

feeds as (
    select
        has_opportunities,
        has_activities
    from {{ ref('int_feeds_filled') }}
),

splits as (
    select count(*) as split_count
    from {{ ref('bridge_order_credit') }}
    where credit_rule = 'a'
),

judged as (
    select
        signalled.*,
        quarters.quarter_end_date,
        quarters.period_end_start_date,
        quarters.is_over,
        case
            when not quarters.is_over then 'immature'
            when signalled.order_count < {{ low_n }} then 'low_n'
            else coalesce(own.revenue_status, company.revenue_status)
        end as revenue_status,
        case
            when not coalesce(own.has_discounts, company.has_discounts) then 'no_data'
            when not quarters.is_over then 'immature'
            when
                signalled.late_order_count < {{ low_n }}
                or signalled.order_count - signalled.late_order_count < {{ low_n }}
                then 'low_n'
            else 'ok'
        end as discount_status,
        case
            when not feeds.has_opportunities then 'no_data'
            when not quarters.is_over then 'immature'
            when signalled.unknown_deal_count = 0 then 'ok'
            when signalled.open_deal_count = 0 then 'no_data'
            else 'partial'
        end as deal_status,
        case when splits.split_count = 0 then 'no_data' else 'ok' end as split_status,
        case when signalled.is_payee then 'ok' else 'no_data' end as ledger_status,
        case
            when not feeds.has_activities then 'no_data'
            when not quarters.is_answered then 'immature'
            when signalled.reported_count < {{ low_n }} then 'low_n'
            else 'ok'
        end as activity_status
    from signalled
    inner join quarters on signalled.fiscal_quarter = quarters.fiscal_quarter
    cross join feeds
    cross join splits
    cross join company
    left join own on signalled.rep_code = own.scope_code
),

known as (
    select
        *,
        revenue_status <> 'immature' as is_revenue_known,
        discount_status not in ('no_data', 'immature') as is_discount_known,
        deal_status not in ('no_data', 'immature') as is_deal_known,
        split_status <> 'no_data' as is_split_known,
        activity_status not in ('no_data', 'immature') as is_activity_known,
        {{ safe_ratio('late_discount_amount', 'late_gross_revenue') }} as late_rate,
        {{ safe_ratio('early_discount_amount', 'early_gross_revenue') }} as early_rate
    from judged
)

select
    {{ as_of() }} as as_of_date,
    rep_code,
    fiscal_quarter,
    '{{ var("reporting_currency") }}' as reporting_currency,
    quarter_end_date,
    period_end_start_date,
    is_over as is_quarter_over,
    cast(order_count as bigint) as order_count,
    cast(late_order_count as bigint) as period_end_order_count,
    {{ as_money('case when is_revenue_known then late_net_revenue end') }}
        as period_end_revenue_numerator,
    {{ as_money('case when is_revenue_known then net_revenue end') }}
        as period_end_revenue_denominator,
    case
        when is_revenue_known then {{ safe_ratio('late_net_revenue', 'net_revenue') }}
    end as period_end_revenue_ratio,
    {{ as_money('case when is_revenue_known then late_return_amount end') }}
        as period_end_return_amount,
    {{ as_money('case when is_discount_known then late_discount_amount end') }}
        as period_end_discount_numerator,
    {{ as_money('case when is_discount_known then late_gross_revenue end') }}
        as period_end_discount_denominator,
    case when is_discount_known then late_rate end as period_end_discount_ratio,
    {{ as_money('case when is_discount_known then early_discount_amount end') }}
        as earlier_discount_numerator,
    {{ as_money('case when is_discount_known then early_gross_revenue end') }}
        as earlier_discount_denominator,
    case when is_discount_known then early_rate end as earlier_discount_ratio,
    cast(case when is_discount_known then late_rate - early_rate end as decimal(18, 8))
        as discount_rate_difference,
    cast(case when is_deal_known then open_deal_count end as bigint)
        as open_deal_count,
    cast(case when is_deal_known then unknown_deal_count end as bigint)
        as unknown_deal_count,
    cast(case when is_deal_known then pushed_deal_count end as bigint)
        as pushed_deal_count,
    {{ as_money('case when is_deal_known then pushed_deal_amount end') }}
        as pushed_deal_amount,
    cast(case when is_split_known then split_change_count end as bigint)
        as split_change_count,
    {{ as_money('case when is_split_known then gained_amount end') }}
        as split_gained_amount,
    {{ as_money('case when is_split_known then lost_amount end') }}
        as split_lost_amount,
    cast(case when is_payee then adjustment_count end as bigint) as adjustment_count,
    {{ as_money('case when is_payee then adjustment_amount end') }}
        as adjustment_amount,
    cast(case when is_payee then manual_adjustment_count end as bigint)
        as manual_adjustment_count,
    {{ as_money('case when is_payee then manual_adjustment_amount end') }}
        as manual_adjustment_amount,
    {{ as_money('case when is_payee then clawed_back_amount end') }}
        as clawback_numerator,
    {{ as_money('case when is_payee then accrued_amount end') }}
        as clawback_denominator,
    case
        when is_payee then {{ safe_ratio('clawed_back_amount', 'accrued_amount') }}
    end as clawback_ratio,
    cast(case when is_activity_known then unanswered_count end as decimal(18, 4))
        as unanswered_activity_numerator,
    cast(case when is_activity_known then reported_count end as decimal(18, 4))
        as unanswered_activity_denominator,
    case
        when is_activity_known
            then {{ safe_ratio('unanswered_count', 'reported_count') }}
    end as unanswered_activity_ratio,
    revenue_status,
    discount_status,
    deal_status,
    split_status,
    ledger_status,
    activity_status
from known
