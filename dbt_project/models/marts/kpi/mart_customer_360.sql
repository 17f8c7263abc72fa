{#- Grain: master customer x month end (the open month: as_of) x reporting currency;
    (unknown) is one customer.
    Not additive over time: everything but net_revenue_month and order_count_month;
    order_gap_median_days never. Ratios of any group: sum of numerators / sum of
    denominators; churn = 1 - retention.
    Rule: K22-K28, K40, K41, K58 of quality/metrics.yml, owner customer_success. Source:
    fct_order_line, fct_return_line, fct_order, fct_opportunity, fct_activity,
    fct_satisfaction_response, fct_customer_ownership, fct_customer_case,
    fct_customer_need, dim_customer. -#}
with months as (
    select
        snapshot_date,
        fiscal_month,
        is_latest_month,
        master_customer_code,
        is_unknown_customer,
        owner_rep_code,
        owner_team_code,
        owner_since_date,
        main_channel_code,
        segment_code,
        industry_code,
        region_code,
        tier_code,
        is_key_account,
        acquisition_channel_code,
        top_product_family_code,
        cohort_month,
        churn_state,
        match_rule_version,
        first_order_date,
        last_order_date,
        last_touch_date,
        last_two_way_touch_date,
        order_count_total,
        order_count_12m,
        net_revenue_total,
        gross_revenue_12m,
        discount_amount_12m,
        return_amount_12m,
        net_revenue_12m,
        net_revenue_prior_12m,
        gross_margin_12m,
        net_revenue_month,
        order_count_month,
        order_gap_median_days,
        rfm_recency_days,
        rfm_order_count_24m,
        rfm_net_revenue_24m,
        rfm_recency_score,
        rfm_frequency_score,
        rfm_monetary_score,
        rfm_segment_code,
        rfm_segment_fixed_code,
        open_opportunity_count,
        open_pipeline_amount,
        won_count_12m,
        csat_numerator,
        csat_denominator,
        merged_record_count,
        revenue_status,
        cost_status,
        pipeline_status,
        kept_order_count_total
    from {{ ref('snap_customer_month') }}
),

retained as (
    select
        master_customer_code,
        fiscal_month,
        logo_retention_numerator,
        logo_retention_denominator,
        gross_retention_numerator,
        net_retention_numerator,
        revenue_retention_denominator,
        repeat_purchase_numerator,
        repeat_purchase_denominator,
        retention_status
    from {{ ref('int_customer_months_retained') }}
),

valued as (
    select
        master_customer_code,
        fiscal_month,
        clv_historic_amount,
        clv_forward_amount
    from {{ ref('int_customer_months_valued') }}
),

prompted as (
    select
        master_customer_code,
        fiscal_month,
        touch_age_days,
        two_way_touch_count_90d,
        case_count_12m,
        open_case_count,
        recorded_need_count,
        pool_state,
        reclaim_date,
        next_action_code,
        next_action_reason
    from {{ ref('int_customer_months_prompted') }}
),

extras as (
    select
        master_customer_code,
        fiscal_month,
        csat_last_score,
        nps_last_score,
        has_costs,
        activity_status,
        survey_status
    from {{ ref('int_customer_months_enriched') }}
)

select
    {{ as_of() }} as as_of_date,
    months.master_customer_code,
    months.snapshot_date as month_end_date,
    '{{ var("reporting_currency") }}' as reporting_currency,
    months.fiscal_month,
    months.is_latest_month,
    months.is_unknown_customer,
    months.segment_code,
    months.industry_code,
    months.region_code,
    months.tier_code,
    months.is_key_account,
    months.owner_rep_code,
    months.owner_team_code,
    months.acquisition_channel_code,
    months.main_channel_code,
    months.top_product_family_code,
    months.cohort_month,
    months.churn_state,
    months.match_rule_version,
    months.first_order_date,
    months.last_order_date,
    months.last_touch_date,
    months.last_two_way_touch_date,
    months.order_count_total,
    months.order_count_12m,
    months.net_revenue_total,
    months.gross_revenue_12m,
    months.discount_amount_12m,
    months.return_amount_12m,
    months.net_revenue_12m,
    months.net_revenue_prior_12m,
    months.gross_margin_12m,
    months.net_revenue_month,
    months.order_count_month,
    months.order_gap_median_days,
    months.rfm_recency_days,
    months.rfm_order_count_24m,
    months.rfm_net_revenue_24m,
    months.rfm_recency_score,
    months.rfm_frequency_score,
    months.rfm_monetary_score,
    months.rfm_segment_code,
    months.rfm_segment_fixed_code,
    cast(retained.logo_retention_numerator as decimal(18, 4))
        as logo_retention_numerator,
    cast(retained.logo_retention_denominator as decimal(18, 4))
        as logo_retention_denominator,
    cast(retained.gross_retention_numerator as decimal(18, 4))
        as gross_retention_numerator,
    cast(retained.revenue_retention_denominator as decimal(18, 4))
        as gross_retention_denominator,
    cast(retained.net_retention_numerator as decimal(18, 4)) as net_retention_numerator,
    cast(retained.revenue_retention_denominator as decimal(18, 4))
        as net_retention_denominator,
    cast(retained.repeat_purchase_numerator as decimal(18, 4))
        as repeat_purchase_numerator,
    cast(retained.repeat_purchase_denominator as decimal(18, 4))
        as repeat_purchase_denominator,
    cast(
        case when extras.has_costs then valued.clv_historic_amount end as decimal(18, 4)
    ) as clv_historic_amount,
    cast(
        case when extras.has_costs then valued.clv_forward_amount end as decimal(18, 4)
    ) as clv_forward_amount,
    months.open_opportunity_count,
    months.open_pipeline_amount,
    months.won_count_12m,
    cast(prompted.touch_age_days as bigint) as touch_age_days,
    cast(prompted.two_way_touch_count_90d as bigint) as two_way_touch_count_90d,
    months.csat_numerator,
    months.csat_denominator,
    cast(extras.csat_last_score as decimal(18, 4)) as csat_last_score,
    cast(extras.nps_last_score as decimal(18, 4)) as nps_last_score,
    cast(prompted.case_count_12m as bigint) as case_count_12m,
    cast(prompted.open_case_count as bigint) as open_case_count,
    cast(prompted.recorded_need_count as bigint) as recorded_need_count,
    prompted.pool_state,
    prompted.reclaim_date,
    months.owner_since_date,
    months.merged_record_count,
    prompted.next_action_code,
    prompted.next_action_reason,
    months.revenue_status,
    months.cost_status,
    case
        when retained.retention_status = 'ok' then months.revenue_status
        else retained.retention_status
    end as retention_status,
    months.pipeline_status,
    extras.activity_status,
    extras.survey_status,
    cast(
        case
            when
                months.kept_order_count_total > 1 and not months.is_unknown_customer
                then 1
            else 0
        end as decimal(18, 4)
    ) as repeat_ever_numerator,
    cast(
        case
            when
                months.kept_order_count_total > 0 and not months.is_unknown_customer
                then 1
            else 0
        end as decimal(18, 4)
    ) as repeat_ever_denominator
from months
inner join retained
    on
        months.master_customer_code = retained.master_customer_code
        and months.fiscal_month = retained.fiscal_month
inner join valued
    on
        months.master_customer_code = valued.master_customer_code
        and months.fiscal_month = valued.fiscal_month
inner join prompted
    on
        months.master_customer_code = prompted.master_customer_code
        and months.fiscal_month = prompted.fiscal_month
inner join extras
    on
        months.master_customer_code = extras.master_customer_code
        and months.fiscal_month = extras.fiscal_month
