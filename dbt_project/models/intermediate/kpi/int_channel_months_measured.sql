{#- Grain: channel x fiscal month, without gap. Every amount of mart_channel_performance
    before ratios; a component whose feed no source of the channel fills is NULL (E13).
    Channel costs and commission are optional parts of the total cost, one at least is
    required; without partner incentives it stays partial. -#}
with spine as (
    select
        channel_code,
        fiscal_month,
        month_index,
        channel_name,
        channel_type,
        parent_channel_code
    from {{ ref('int_channel_months_spined') }}
),

sold as (
    select
        channel_code,
        fiscal_month,
        gross_revenue,
        discount_amount,
        return_amount,
        charged_gross_revenue,
        charged_discount_amount,
        net_revenue,
        net_revenue_constant,
        net_quantity,
        order_count,
        order_line_count,
        return_line_count,
        cohort_return_amount,
        costed_line_count,
        costed_net_revenue,
        cost_amount,
        customer_count
    from {{ ref('int_channel_months_sold') }}
),

concentrated as (
    select
        channel_code,
        fiscal_month,
        customer_hhi_index,
        top10_net_revenue,
        positive_net_revenue
    from {{ ref('int_channel_customers_concentrated') }}
),

costed as (
    select
        channel_code,
        fiscal_month,
        channel_cost_amount,
        allocated_cost_amount,
        acquisition_cost_amount,
        commission_amount
    from {{ ref('int_channel_months_costed') }}
),

own as (
    select
        scope_code,
        has_returns,
        has_discounts,
        has_costs,
        revenue_status,
        return_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'channel'
),

company as (
    select
        has_returns,
        has_discounts,
        has_costs,
        revenue_status,
        return_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

cost_feeds as (
    select
        count(channel_cost_amount) > 0 as has_channel_costs,
        count(commission_amount) > 0 as has_commission
    from costed
),

filled as (
    select
        spine.*,
        cost_feeds.has_channel_costs,
        cost_feeds.has_commission,
        coalesce(own.has_returns, company.has_returns) as has_returns,
        coalesce(own.has_discounts, company.has_discounts) as has_discounts,
        coalesce(own.has_costs, company.has_costs)
        and (sold.costed_line_count > 0 or sold.channel_code is null) as is_costed,
        coalesce(own.revenue_status, company.revenue_status) as revenue_status,
        coalesce(own.return_status, company.return_status) as return_status,
        coalesce(sold.gross_revenue, 0) as gross_revenue,
        coalesce(sold.discount_amount, 0) as discount_amount,
        coalesce(sold.return_amount, 0) as return_amount,
        coalesce(sold.charged_gross_revenue, 0) as charged_gross_revenue,
        coalesce(sold.charged_discount_amount, 0) as charged_discount_amount,
        coalesce(sold.net_revenue, 0) as net_revenue,
        case when sold.channel_code is null then 0 else sold.net_revenue_constant end
            as net_revenue_constant,
        coalesce(sold.net_quantity, 0) as net_quantity,
        coalesce(sold.order_count, 0) as order_count,
        coalesce(sold.order_line_count, 0) as order_line_count,
        coalesce(sold.return_line_count, 0) as return_line_count,
        coalesce(sold.cohort_return_amount, 0) as cohort_return_amount,
        coalesce(sold.costed_net_revenue, 0) as costed_net_revenue,
        coalesce(sold.cost_amount, 0) as cost_amount,
        coalesce(sold.customer_count, 0) as customer_count,
        concentrated.customer_hhi_index,
        concentrated.top10_net_revenue,
        concentrated.positive_net_revenue,
        coalesce(costed.channel_cost_amount, 0) as channel_cost_amount,
        coalesce(costed.allocated_cost_amount, 0) as allocated_cost_amount,
        coalesce(costed.acquisition_cost_amount, 0) as acquisition_cost_amount,
        coalesce(costed.commission_amount, 0) as commission_amount
    from spine
    cross join cost_feeds
    cross join company
    left join sold
        on
            spine.channel_code = sold.channel_code
            and spine.fiscal_month = sold.fiscal_month
    left join concentrated
        on
            spine.channel_code = concentrated.channel_code
            and spine.fiscal_month = concentrated.fiscal_month
    left join costed
        on
            spine.channel_code = costed.channel_code
            and spine.fiscal_month = costed.fiscal_month
    left join own on spine.channel_code = own.scope_code
)

select
    channel_code,
    fiscal_month,
    month_index,
    channel_name,
    channel_type,
    parent_channel_code,
    gross_revenue,
    case when has_discounts then discount_amount end as discount_amount,
    case when has_returns then return_amount end as return_amount,
    net_revenue,
    net_revenue_constant,
    net_quantity,
    order_count,
    order_line_count,
    case when has_returns then return_line_count end as return_line_count,
    case when has_discounts then charged_discount_amount end as charged_discount_amount,
    case when has_discounts then charged_gross_revenue end as charged_gross_revenue,
    gross_revenue - discount_amount as ordered_net_revenue,
    case when has_returns then cohort_return_amount end as cohort_return_amount,
    case when is_costed then cost_amount end as cost_amount,
    case when is_costed then costed_net_revenue end as costed_net_revenue,
    case when is_costed then costed_net_revenue - cost_amount end
        as gross_margin_amount,
    customer_count,
    customer_hhi_index,
    top10_net_revenue,
    positive_net_revenue,
    case when has_channel_costs then channel_cost_amount end as channel_cost_amount,
    case when has_channel_costs then allocated_cost_amount end as allocated_cost_amount,
    case when has_channel_costs then acquisition_cost_amount end
        as acquisition_cost_amount,
    case when has_commission then commission_amount end as commission_amount,
    case when has_commission then net_revenue end as commissioned_net_revenue,
    case
        when has_channel_costs or has_commission
            then channel_cost_amount + allocated_cost_amount + commission_amount
    end as total_channel_cost_amount,
    case
        when (has_channel_costs or has_commission) and is_costed
            then
                costed_net_revenue - cost_amount
                - channel_cost_amount - allocated_cost_amount - commission_amount
    end as contribution_amount,
    case
        when has_channel_costs and has_commission then 'channel_cost,commission'
        when has_channel_costs then 'channel_cost'
        when has_commission then 'commission'
        else '(none)'
    end as cost_components,
    revenue_status,
    return_status,
    case
        when not is_costed then 'no_data'
        when
            {{ safe_ratio('costed_net_revenue', 'net_revenue') }}
            < {{ definition('cost_coverage_minimum') }}
            then 'partial'
        else 'ok'
    end as cost_status,
    case when has_channel_costs or has_commission then 'partial' else 'no_data' end
        as channel_cost_status
from filled
