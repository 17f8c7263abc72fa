{#- Grain: master customer x month end (periodic snapshot; the open month: as_of);
    (unknown) is one customer. The state of a customer on that day: who it is, whose it
    is, what it bought in windows to that day, where it stands.
    Not additive over months: everything but net_revenue_month and order_count_month.
    Attributes are those of the version of that day. NULL: no source of the customer
    gives it. Source: int_customer_months_*. -#}
with windowed as (
    select
        master_customer_code,
        fiscal_month,
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
        source_system,
        customer_key,
        rep_key,
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
        churn_state
    from {{ ref('int_customer_months_retained') }}
),

valued as (
    select
        master_customer_code,
        fiscal_month,
        rfm_recency_days,
        rfm_order_count_24m,
        rfm_recency_score,
        rfm_frequency_score,
        rfm_monetary_score,
        rfm_segment_code,
        rfm_segment_fixed_code
    from {{ ref('int_customer_months_valued') }}
),

extras as (
    select
        master_customer_code,
        fiscal_month,
        main_channel_code,
        top_product_family_code,
        has_returns,
        has_discounts,
        has_costs,
        revenue_status,
        pipeline_status,
        survey_status
    from {{ ref('int_customer_months_enriched') }}
)

select
    windowed.judged_date as snapshot_date,
    windowed.fiscal_month,
    windowed.is_latest_month,
    coalesce(described.source_system, {{ unknown_code() }}) as source_system,
    windowed.master_customer_code,
    coalesce(described.customer_key, '-1') as customer_key,
    windowed.is_unknown_customer,
    described.owner_rep_code,
    case
        when described.owner_rep_code is null then '0'
        else coalesce(described.rep_key, '-1')
    end as rep_key,
    described.owner_team_code,
    described.owner_since_date,
    extras.main_channel_code,
    '{{ var("reporting_currency") }}' as reporting_currency,
    described.segment_code,
    described.industry_code,
    described.region_code,
    described.tier_code,
    described.is_key_account,
    described.acquisition_channel_code,
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
    cast(
        case
            when extras.pipeline_status <> 'no_data'
                then described.open_opportunity_count
        end as bigint
    ) as open_opportunity_count,
    cast(
        case
            when extras.pipeline_status <> 'no_data' then described.open_pipeline_amount
        end as decimal(18, 4)
    ) as open_pipeline_amount,
    cast(
        case
            when extras.pipeline_status <> 'no_data' then windowed.won_count_12m
        end as bigint
    )
        as won_count_12m,
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
    cast(described.merged_record_count as bigint) as merged_record_count,
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
        when described.open_pipeline_amount is not null then extras.pipeline_status
        when extras.pipeline_status = 'ok' then 'partial'
        else extras.pipeline_status
    end as pipeline_status,
    cast(windowed.kept_count_total as bigint) as kept_order_count_total
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
inner join extras
    on
        windowed.master_customer_code = extras.master_customer_code
        and windowed.fiscal_month = extras.fiscal_month
