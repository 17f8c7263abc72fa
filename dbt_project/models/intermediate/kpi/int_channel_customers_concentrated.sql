{#- Grain: channel x fiscal month with a known customer of positive net revenue. K30:
    squares and total of customers' net revenue, and the ten largest. Customers at or
    below zero have share 0. -#}
with lines as (
    select
        channel_code,
        fiscal_month,
        master_customer_code,
        net_revenue
    from {{ ref('int_sales_lines_signed') }}
    where master_customer_code <> {{ unknown_code() }}
),

customers as (
    select
        channel_code,
        fiscal_month,
        master_customer_code,
        sum(net_revenue) as net_revenue
    from lines
    group by channel_code, fiscal_month, master_customer_code
    having sum(net_revenue) > 0
),

ranked as (
    select
        channel_code,
        fiscal_month,
        net_revenue,
        {{ wide_int(units('net_revenue')) }} as net_units,
        row_number() over (
            partition by channel_code, fiscal_month
            order by
                net_revenue desc nulls last, master_customer_code asc nulls last
        ) as revenue_rank
    from customers
),

summed as (
    select
        channel_code,
        fiscal_month,
        sum(net_units) as total_units,
        sum(net_units * net_units) as sum_of_squares,
        sum(net_revenue) as positive_net_revenue,
        sum(net_revenue) filter (where revenue_rank <= 10) as top10_net_revenue
    from ranked
    group by channel_code, fiscal_month
)

select
    channel_code,
    fiscal_month,
    {{ concentration('sum_of_squares', 'total_units') }} as customer_hhi_index,
    top10_net_revenue,
    positive_net_revenue
from summed
