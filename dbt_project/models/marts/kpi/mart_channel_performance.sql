{#- Grain: leaf channel x fiscal month x reporting currency; (unknown) is a row; months
    without a fact between a channel's first and last one are 0.
    Not additive: ratios and averages (sum their parts), customer_count and
    customer_hhi_index (valid at this grain only), prior_channel_mix_denominator over
    channels. Rule: K01-K08, K30, K32, K33, K35-K37, K67 of quality/metrics.yml, owners there.
    Source: fct_order_line, fct_return_line, fct_order, fct_channel_cost,
    fct_commission_accrual. -#}
with measured as (
    select * from {{ ref('int_channel_months_measured') }}
),

compared as (
    select
        channel_code,
        fiscal_month,
        all_net_revenue,
        prior_mix_net_revenue,
        prior_year_all_net_revenue,
        prior_month_net_revenue,
        prior_year_net_revenue,
        growth_month_numerator,
        growth_month_denominator,
        growth_year_numerator,
        growth_year_denominator
    from {{ ref('int_channel_months_compared') }}
),

placed as (
    select
        channel_code,
        fiscal_month,
        market_size_amount,
        market_share_numerator
    from {{ ref('int_channel_months_placed') }}
),

acquired as (
    select
        channel_code,
        fiscal_month,
        new_customer_count,
        new_customer_net_revenue,
        new_customer_margin
    from {{ ref('int_channel_customers_acquired') }}
),

months as (
    select
        fiscal_month,
        fiscal_year,
        fiscal_quarter,
        month_start_date,
        is_period_closed,
        order_month_count
    from {{ ref('int_fiscal_months_listed') }}
),

joined as (
    select
        measured.*,
        compared.all_net_revenue,
        compared.prior_mix_net_revenue,
        compared.prior_year_all_net_revenue,
        compared.prior_month_net_revenue,
        compared.prior_year_net_revenue,
        compared.growth_month_numerator,
        compared.growth_month_denominator,
        compared.growth_year_numerator,
        compared.growth_year_denominator,
        placed.market_size_amount,
        placed.market_share_numerator,
        months.fiscal_year,
        months.fiscal_quarter,
        months.month_start_date,
        months.is_period_closed,
        case
            when months.order_month_count is not null
                then coalesce(acquired.new_customer_count, 0)
        end as new_customer_count,
        case
            when months.order_month_count is not null
                then coalesce(acquired.new_customer_net_revenue, 0)
        end as new_customer_net_revenue,
        {{ new_customer_status('months.order_month_count') }} as new_customer_status,
        case
            when months.order_month_count is null then null
            when
                {{ add_months('months.month_start_date', 12) }}
                > {{ add_days(as_of(), 1) }}
                then null
            when acquired.channel_code is null then 0
            else acquired.new_customer_margin
        end as new_customer_margin_12m
    from measured
    inner join compared
        on
            measured.channel_code = compared.channel_code
            and measured.fiscal_month = compared.fiscal_month
    inner join months on measured.fiscal_month = months.fiscal_month
    left join placed
        on
            measured.channel_code = placed.channel_code
            and measured.fiscal_month = placed.fiscal_month
    left join acquired
        on
            measured.channel_code = acquired.channel_code
            and measured.fiscal_month = acquired.fiscal_month
)

select
    {{ as_of() }} as as_of_date,
    channel_code,
    fiscal_month,
    '{{ var("reporting_currency") }}' as reporting_currency,
    channel_name,
    channel_type,
    parent_channel_code,
    cast(fiscal_year as string) as fiscal_year,
    fiscal_quarter,
    month_start_date,
    is_period_closed,
    cast(gross_revenue as decimal(18, 4)) as gross_revenue,
    cast(discount_amount as decimal(18, 4)) as discount_amount,
    cast(return_amount as decimal(18, 4)) as return_amount,
    cast(net_revenue as decimal(18, 4)) as net_revenue,
    cast(net_revenue_constant as decimal(18, 4)) as net_revenue_constant_currency,
    cast(net_quantity as decimal(18, 4)) as net_quantity,
    cast(order_count as bigint) as order_count,
    cast(order_line_count as bigint) as order_line_count,
    cast(return_line_count as bigint) as return_line_count,
    cast(cost_amount as decimal(18, 4)) as cost_amount,
    cast(costed_net_revenue as decimal(18, 4)) as costed_net_revenue,
    cast(gross_margin_amount as decimal(18, 4)) as gross_margin_amount,
    cast(gross_margin_amount as decimal(18, 4)) as gross_margin_numerator,
    cast(costed_net_revenue as decimal(18, 4)) as gross_margin_denominator,
    {{ safe_ratio('gross_margin_amount', 'costed_net_revenue') }} as gross_margin_ratio,
    cast(costed_net_revenue as decimal(18, 4)) as cost_coverage_numerator,
    cast(net_revenue as decimal(18, 4)) as cost_coverage_denominator,
    {{ safe_ratio('costed_net_revenue', 'net_revenue') }} as cost_coverage_ratio,
    cast(charged_discount_amount as decimal(18, 4)) as discount_numerator,
    cast(charged_gross_revenue as decimal(18, 4)) as discount_denominator,
    {{ safe_ratio('charged_discount_amount', 'charged_gross_revenue') }}
        as discount_ratio,
    cast(return_amount as decimal(18, 4)) as return_period_numerator,
    cast(ordered_net_revenue as decimal(18, 4)) as return_period_denominator,
    {{ safe_ratio('return_amount', 'ordered_net_revenue') }} as return_period_ratio,
    cast(cohort_return_amount as decimal(18, 4)) as return_cohort_numerator,
    cast(ordered_net_revenue as decimal(18, 4)) as return_cohort_denominator,
    {{ safe_ratio('cohort_return_amount', 'ordered_net_revenue') }}
        as return_cohort_ratio,
    cast(return_line_count as decimal(18, 4)) as return_line_numerator,
    cast(order_line_count as decimal(18, 4)) as return_line_denominator,
    {{ safe_ratio('return_line_count', 'order_line_count') }} as return_line_ratio,
    {{ average_of('ordered_net_revenue', 'order_count') }} as average_order_value,
    cast(ordered_net_revenue as decimal(18, 4)) as average_order_value_numerator,
    cast(order_count as decimal(18, 4)) as average_order_value_denominator,
    cast(customer_count as bigint) as customer_count,
    cast(new_customer_count as bigint) as new_customer_count,
    cast(new_customer_net_revenue as decimal(18, 4)) as new_customer_net_revenue,
    cast(new_customer_margin_12m as decimal(18, 4)) as new_customer_margin_12m,
    cast(new_customer_net_revenue as decimal(18, 4)) as new_customer_revenue_numerator,
    cast(net_revenue as decimal(18, 4)) as new_customer_revenue_denominator,
    {{ safe_ratio('new_customer_net_revenue', 'net_revenue') }}
        as new_customer_revenue_ratio,
    cast(customer_hhi_index as decimal(18, 4)) as customer_hhi_index,
    cast(top10_net_revenue as decimal(18, 4)) as top10_customer_numerator,
    cast(positive_net_revenue as decimal(18, 4)) as top10_customer_denominator,
    {{ safe_ratio('top10_net_revenue', 'positive_net_revenue') }}
        as top10_customer_ratio,
    cast(channel_cost_amount as decimal(18, 4)) as channel_cost_amount,
    cast(allocated_cost_amount as decimal(18, 4)) as allocated_cost_amount,
    cast(acquisition_cost_amount as decimal(18, 4)) as acquisition_cost_amount,
    cast(commission_amount as decimal(18, 4)) as commission_amount,
    cast(total_channel_cost_amount as decimal(18, 4)) as total_channel_cost_amount,
    cast(contribution_amount as decimal(18, 4)) as contribution_amount,
    cost_components,
    cast(contribution_amount as decimal(18, 4)) as channel_roi_numerator,
    cast(total_channel_cost_amount as decimal(18, 4)) as channel_roi_denominator,
    {{ safe_ratio('contribution_amount', 'total_channel_cost_amount') }}
        as channel_roi_ratio,
    cast(total_channel_cost_amount as decimal(18, 4)) as cost_of_sale_numerator,
    cast(net_revenue as decimal(18, 4)) as cost_of_sale_denominator,
    {{ safe_ratio('total_channel_cost_amount', 'net_revenue') }} as cost_of_sale_ratio,
    cast(commission_amount as decimal(18, 4)) as commission_cost_numerator,
    cast(commissioned_net_revenue as decimal(18, 4)) as commission_cost_denominator,
    {{ safe_ratio('commission_amount', 'commissioned_net_revenue') }}
        as commission_cost_ratio,
    {{ average_of('acquisition_cost_amount', 'new_customer_count') }}
        as acquisition_cost_per_customer,
    cast(acquisition_cost_amount as decimal(18, 4))
        as acquisition_cost_per_customer_numerator,
    cast(new_customer_count as decimal(18, 4))
        as acquisition_cost_per_customer_denominator,
    {{ average_of(
        'case when new_customer_margin_12m is not null then 12 * acquisition_cost_amount end',
        'new_customer_margin_12m'
    ) }} as acquisition_payback_months,
    cast(
        case
            when new_customer_margin_12m is not null then 12 * acquisition_cost_amount
        end as decimal(18, 4)
    ) as acquisition_payback_months_numerator,
    cast(new_customer_margin_12m as decimal(18, 4))
        as acquisition_payback_months_denominator,
    cast(net_revenue as decimal(18, 4)) as channel_mix_numerator,
    cast(all_net_revenue as decimal(18, 4)) as channel_mix_denominator,
    {{ safe_ratio('net_revenue', 'all_net_revenue') }} as channel_mix_ratio,
    cast(prior_mix_net_revenue as decimal(18, 4)) as prior_channel_mix_numerator,
    cast(prior_year_all_net_revenue as decimal(18, 4)) as prior_channel_mix_denominator,
    {{ safe_ratio('prior_mix_net_revenue', 'prior_year_all_net_revenue') }}
        as prior_channel_mix_ratio,
    cast(prior_month_net_revenue as decimal(18, 4)) as prior_month_net_revenue,
    cast(prior_year_net_revenue as decimal(18, 4)) as prior_year_net_revenue,
    cast(growth_month_numerator as decimal(18, 4)) as growth_month_numerator,
    cast(growth_month_denominator as decimal(18, 4)) as growth_month_denominator,
    {{ safe_ratio('growth_month_numerator', 'growth_month_denominator') }}
        as growth_month_ratio,
    cast(growth_year_numerator as decimal(18, 4)) as growth_year_numerator,
    cast(growth_year_denominator as decimal(18, 4)) as growth_year_denominator,
    {{ safe_ratio('growth_year_numerator', 'growth_year_denominator') }}
        as growth_year_ratio,
    cast(market_size_amount as decimal(18, 4)) as market_size_amount,
    cast(market_share_numerator as decimal(18, 4)) as market_share_numerator,
    cast(market_size_amount as decimal(18, 4)) as market_share_denominator,
    {{ safe_ratio('market_share_numerator', 'market_size_amount') }}
        as market_share_ratio,
    revenue_status,
    return_status,
    cost_status,
    channel_cost_status,
    new_customer_status,
    case when market_size_amount is null then 'no_data' else 'ok' end as market_status
from joined
