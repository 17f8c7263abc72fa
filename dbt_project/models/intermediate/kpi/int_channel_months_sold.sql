{#- Grain: channel x fiscal month with a sale, a return or an order. Sums of signed
    lines, the returned part of the month's own cohort, orders (K03) and distinct known
    customers. -#}
with lines as (
    select
        channel_code,
        fiscal_month,
        cohort_month,
        fact_type,
        quantity,
        order_line_count,
        return_line_count,
        gross_revenue,
        discount_amount,
        return_amount,
        charged_gross_revenue,
        charged_discount_amount,
        net_revenue,
        net_revenue_constant,
        costed_net_revenue,
        cost_amount
    from {{ ref('int_sales_lines_signed') }}
),

orders as (
    select
        channel_code,
        fiscal_month,
        cancelled_date,
        master_customer_code,
        is_cancelled_after_close
    from {{ ref('fct_order') }}
    where is_counted
),

line_sums as (
    select
        channel_code,
        fiscal_month,
        sum(quantity) as net_quantity,
        sum(order_line_count) as order_line_count,
        sum(return_line_count) as return_line_count,
        sum(gross_revenue) as gross_revenue,
        sum(discount_amount) as discount_amount,
        sum(return_amount) as return_amount,
        sum(charged_gross_revenue) as charged_gross_revenue,
        sum(charged_discount_amount) as charged_discount_amount,
        sum(net_revenue) as net_revenue,
        case
            when count(*) = count(net_revenue_constant) then sum(net_revenue_constant)
        end
            as net_revenue_constant,
        count(cost_amount) as costed_line_count,
        coalesce(sum(costed_net_revenue), 0) as costed_net_revenue,
        coalesce(sum(cost_amount), 0) as cost_amount
    from lines
    group by channel_code, fiscal_month
),

cohort_sums as (
    select
        channel_code,
        cohort_month as fiscal_month,
        sum(return_amount) as cohort_return_amount
    from lines
    where fact_type = 'return_line' and cohort_month is not null
    group by channel_code, cohort_month
),

order_events as (
    select
        channel_code,
        fiscal_month,
        1 as order_count,
        case
            when master_customer_code not in ({{ none_code() }}, {{ unknown_code() }})
                then master_customer_code
        end as customer_code
    from orders
    union all
    select
        channel_code,
        {{ fiscal_month('cancelled_date') }} as fiscal_month,
        -1 as order_count,
        cast(null as string) as customer_code
    from orders
    where is_cancelled_after_close
),

order_sums as (
    select
        channel_code,
        fiscal_month,
        sum(order_count) as order_count,
        count(distinct customer_code) as customer_count
    from order_events
    group by channel_code, fiscal_month
)

select
    line_sums.*,
    coalesce(cohort_sums.cohort_return_amount, 0) as cohort_return_amount,
    coalesce(order_sums.order_count, 0) as order_count,
    coalesce(order_sums.customer_count, 0) as customer_count
from line_sums
left join cohort_sums
    on
        line_sums.channel_code = cohort_sums.channel_code
        and line_sums.fiscal_month = cohort_sums.fiscal_month
left join order_sums
    on
        line_sums.channel_code = order_sums.channel_code
        and line_sums.fiscal_month = order_sums.fiscal_month
