{#- Grain: master customer x month end (the open month: as_of) x reporting currency;
    (unknown) is one customer.
    Not additive over time: everything but net_revenue_month and order_count_month;
    order_gap_median_days never. Ratios of any group: sum of numerators / sum of
    denominators; churn = 1 - retention.
    Rule: K22-K28, K40, K41, K58 of quality/metrics.yml, owner customer_success. Source:
    fct_order_line, fct_return_line, fct_order, fct_opportunity, fct_activity,
    fct_satisfaction_response, fct_customer_ownership, fct_customer_case,
    fct_customer_need, dim_customer. -#}
with windowed as (
    select
        master_customer_code,
        fiscal_month,
        month_index,
        judged_date,
        is_latest_month,
        is_unknown_customer,
        first_order_date,
        last_order_date,
        last_touch_date,
        last_two_way_touch_date,
        net_revenue_total,
        order_count_total,
        net_revenue_month,
        order_count_month,
        net_revenue_prior_12m,
        kept_count_total,
        gross_revenue_12m,
        discount_amount_12m,
        return_amount_12m,
        net_revenue_12m,
        line_count_12m,
        costed_line_count_12m,
        gross_margin_amount_12m,
        order_count_12m,
        won_count_12m,
        csat_count_12m,
        satisfied_count_12m,
        costed_net_revenue_12m
    from {{ ref('int_customer_months_windowed') }}
),

described as (
    select
        master_customer_code,
        fiscal_month,
        segment_code,
        industry_code,
        region_code,
        tier_code,
        is_key_account,
        owner_rep_code,
        owner_team_code,
        acquisition_channel_code,
        match_rule_version,
        merged_record_count,
        owner_since_date,
        open_opportunity_count,
        open_pipeline_amount
    from {{ ref('int_customer_months_described') }}
),

retained as (
    select
        master_customer_code,
        fiscal_month,
        order_gap_median_days,
        churn_state,
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
        clv_forward_amount,
        rfm_recency_days,
        rfm_order_count_24m,
        rfm_recency_score,
        rfm_frequency_score,
        rfm_monetary_score,
        rfm_segment_code,
        rfm_segment_fixed_code
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
        main_channel_code,
        top_product_family_code,
        csat_last_score,
        nps_last_score,
        has_returns,
        has_discounts,
        has_costs,
        revenue_status,
        pipeline_status,
        activity_status,
        survey_status
    from {{ ref('int_customer_months_enriched') }}
)

select
    {{ as_of() }} as as_of_date,
    windowed.master_customer_code,
    windowed.judged_date as month_end_date,
    '{{ var("reporting_currency") }}' as reporting_currency,
    windowed.fiscal_month,
    windowed.is_latest_month,
    windowed.is_unknown_customer,
    described.segment_code,
    described.industry_code,
    described.region_code,
    described.tier_code,
    described.is_key_account,
    described.owner_rep_code,
    described.owner_team_code,
    described.acquisition_channel_code,
    extras.main_channel_code,
    extras.top_product_family_code,
    {{ fiscal_month('windowed.first_order_date') }} as cohort_month,
    retained.churn_state,
    described.match_rule_version,
    windowed.first_order_date,
    windowed.last_order_date,
    windowed.last_touch_date,
    windowed.last_two_way_touch_date,
    cast(windowed.order_count_total as bigint) as order_count_total,
    cast(windowed.order_count_12m as bigint) as order_count_12m,
    cast(windowed.net_revenue_total as decimal(18, 4)) as net_revenue_total,
    cast(windowed.gross_revenue_12m as decimal(18, 4)) as gross_revenue_12m,
    cast(
        case
            when extras.has_discounts then windowed.discount_amount_12m
        end as decimal(18, 4)
    )
        as discount_amount_12m,
    cast(
        case when extras.has_returns then windowed.return_amount_12m end as decimal(
            18, 4
        )
    )
        as return_amount_12m,
    cast(windowed.net_revenue_12m as decimal(18, 4)) as net_revenue_12m,
    cast(windowed.net_revenue_prior_12m as decimal(18, 4)) as net_revenue_prior_12m,
    cast(
        case
            when
                extras.has_costs
                and (windowed.costed_line_count_12m > 0 or windowed.line_count_12m = 0)
                then windowed.gross_margin_amount_12m
        end as decimal(18, 4)
    ) as gross_margin_12m,
    cast(windowed.net_revenue_month as decimal(18, 4)) as net_revenue_month,
    cast(windowed.order_count_month as bigint) as order_count_month,
    cast(retained.order_gap_median_days as decimal(18, 4)) as order_gap_median_days,
    cast(valued.rfm_recency_days as bigint) as rfm_recency_days,
    cast(valued.rfm_order_count_24m as bigint) as rfm_order_count_24m,
    cast(
        windowed.net_revenue_12m + windowed.net_revenue_prior_12m as decimal(18, 4)
    ) as rfm_net_revenue_24m,
    cast(valued.rfm_recency_score as bigint) as rfm_recency_score,
    cast(valued.rfm_frequency_score as bigint) as rfm_frequency_score,
    cast(valued.rfm_monetary_score as bigint) as rfm_monetary_score,
    valued.rfm_segment_code,
    valued.rfm_segment_fixed_code,
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
    cast(described.open_opportunity_count as bigint) as open_opportunity_count,
    cast(described.open_pipeline_amount as decimal(18, 4)) as open_pipeline_amount,
    cast(
        case
            when extras.pipeline_status <> 'no_data' then windowed.won_count_12m
        end as bigint
    )
        as won_count_12m,
    cast(prompted.touch_age_days as bigint) as touch_age_days,
    cast(prompted.two_way_touch_count_90d as bigint) as two_way_touch_count_90d,
    cast(
        case
            when extras.survey_status <> 'no_data' then windowed.satisfied_count_12m
        end as decimal(18, 4)
    )
        as csat_numerator,
    cast(
        case
            when extras.survey_status <> 'no_data' then windowed.csat_count_12m
        end as decimal(18, 4)
    )
        as csat_denominator,
    cast(extras.csat_last_score as decimal(18, 4)) as csat_last_score,
    cast(extras.nps_last_score as decimal(18, 4)) as nps_last_score,
    cast(prompted.case_count_12m as bigint) as case_count_12m,
    cast(prompted.open_case_count as bigint) as open_case_count,
    cast(prompted.recorded_need_count as bigint) as recorded_need_count,
    prompted.pool_state,
    prompted.reclaim_date,
    described.owner_since_date,
    cast(described.merged_record_count as bigint) as merged_record_count,
    prompted.next_action_code,
    prompted.next_action_reason,
    extras.revenue_status,
    case
        when not extras.has_costs then 'no_data'
        when
            windowed.costed_line_count_12m = 0 and windowed.line_count_12m > 0
            then 'no_data'
        when
            {{ safe_ratio(
                'windowed.costed_net_revenue_12m', 'windowed.net_revenue_12m'
            ) }}
            < {{ definition('cost_coverage_minimum') }}
            then 'partial'
        else 'ok'
    end as cost_status,
    case
        when retained.retention_status = 'ok' then extras.revenue_status
        else retained.retention_status
    end as retention_status,
    extras.pipeline_status,
    extras.activity_status,
    extras.survey_status,
    cast(
        case
            when
                windowed.kept_count_total > 1 and not windowed.is_unknown_customer
                then 1
            else 0
        end as decimal(18, 4)
    ) as repeat_ever_numerator,
    cast(
        case
            when
                windowed.kept_count_total > 0 and not windowed.is_unknown_customer
                then 1
            else 0
        end as decimal(18, 4)
    ) as repeat_ever_denominator
from windowed
inner join described
    on
        windowed.master_customer_code = described.master_customer_code
        and windowed.fiscal_month = described.fiscal_month
inner join retained
    on
        windowed.master_customer_code = retained.master_customer_code
        and windowed.fiscal_month = retained.fiscal_month
inner join valued
    on
        windowed.master_customer_code = valued.master_customer_code
        and windowed.fiscal_month = valued.fiscal_month
inner join prompted
    on
        windowed.master_customer_code = prompted.master_customer_code
        and windowed.fiscal_month = prompted.fiscal_month
inner join extras
    on
        windowed.master_customer_code = extras.master_customer_code
        and windowed.fiscal_month = extras.fiscal_month
