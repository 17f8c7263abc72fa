{#- Grain: master customer x fiscal month. Main channel and family, last scores, and
    what the sources behind the customer deliver, as statuses. -#}
with spine as (
    select
        master_customer_code,
        fiscal_month,
        month_index
    from {{ ref('int_customer_months_spined') }}
),

tags as (
    select
        master_customer_code,
        month_index,
        main_channel_code,
        top_product_family_code
    from {{ ref('int_customer_months_tagged') }}
),

scores as (
    select
        master_customer_code,
        month_index,
        csat_last_score,
        nps_last_score
    from {{ ref('int_customer_scores_carried') }}
),

own as (
    select
        scope_code,
        has_returns,
        has_discounts,
        has_costs,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'customer'
),

company as (
    select
        has_returns,
        has_discounts,
        has_costs,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

feeds as (
    select
        has_opportunities,
        has_activities,
        has_csat,
        has_nps
    from {{ ref('int_feeds_filled') }}
)

select
    spine.master_customer_code,
    spine.fiscal_month,
    tags.main_channel_code,
    tags.top_product_family_code,
    scores.csat_last_score,
    scores.nps_last_score,
    coalesce(own.has_returns, company.has_returns) as has_returns,
    coalesce(own.has_discounts, company.has_discounts) as has_discounts,
    coalesce(own.has_costs, company.has_costs) as has_costs,
    coalesce(own.revenue_status, company.revenue_status) as revenue_status,
    case when feeds.has_opportunities then 'ok' else 'no_data' end as pipeline_status,
    case when feeds.has_activities then 'ok' else 'no_data' end as activity_status,
    case
        when feeds.has_csat and feeds.has_nps then 'ok'
        when feeds.has_csat or feeds.has_nps then 'partial'
        else 'no_data'
    end as survey_status
from spine
cross join feeds
cross join company
left join tags
    on
        spine.master_customer_code = tags.master_customer_code
        and spine.month_index = tags.month_index
left join scores
    on
        spine.master_customer_code = scores.master_customer_code
        and spine.month_index = scores.month_index
left join own on spine.master_customer_code = own.scope_code
