{#- Grain: fiscal month, all of them. Sums over channels of the parts from which the
    company's K01 to K08 and K35 are made. -#}
with channels as (
    select
        fiscal_month,
        gross_revenue,
        discount_amount,
        return_amount,
        net_revenue,
        ordered_net_revenue,
        order_count,
        order_line_count,
        charged_discount_amount,
        charged_gross_revenue,
        cohort_return_amount,
        costed_net_revenue,
        gross_margin_amount,
        total_channel_cost_amount
    from {{ ref('int_channel_months_measured') }}
),

months as (
    select
        fiscal_month,
        month_index,
        full_month_count
    from {{ ref('int_fiscal_months_listed') }}
)

select
    months.fiscal_month,
    months.month_index,
    months.full_month_count,
    count(channels.fiscal_month) as channel_count,
    coalesce(sum(channels.gross_revenue), 0) as gross_revenue,
    coalesce(sum(channels.net_revenue), 0) as net_revenue,
    coalesce(sum(channels.ordered_net_revenue), 0) as ordered_net_revenue,
    coalesce(sum(channels.order_count), 0) as order_count,
    coalesce(sum(channels.order_line_count), 0) as order_line_count,
    sum(channels.return_amount) as return_amount,
    sum(channels.cohort_return_amount) as cohort_return_amount,
    sum(channels.charged_discount_amount) as charged_discount_amount,
    sum(channels.charged_gross_revenue) as charged_gross_revenue,
    sum(channels.costed_net_revenue) as costed_net_revenue,
    sum(channels.gross_margin_amount) as gross_margin_amount,
    sum(channels.total_channel_cost_amount) as total_channel_cost_amount
from months
left join channels on months.fiscal_month = channels.fiscal_month
group by months.fiscal_month, months.month_index, months.full_month_count
