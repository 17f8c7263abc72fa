{{ config(meta={'rule': 'R04'}) }}
{#- Per month: gross, discount, return, net and orders of all channels = those of the
    facts. -#}

with order_lines as (
    select
        fiscal_month,
        sum(gross_amount_reporting) as gross_revenue,
        sum(discount_amount_reporting) as discount_amount,
        sum(net_amount_reporting) as net_amount
    from {{ ref('fct_order_line') }}
    where is_revenue_line
    group by fiscal_month
),

return_lines as (
    select
        fiscal_month,
        sum(net_amount_reporting) as return_amount
    from {{ ref('fct_return_line') }}
    where is_revenue_line
    group by fiscal_month
),

order_events as (
    select
        fiscal_month,
        1 as order_count
    from {{ ref('fct_order') }}
    where is_counted
    union all
    select
        {{ fiscal_month('cancelled_date') }} as fiscal_month,
        -1 as order_count
    from {{ ref('fct_order') }}
    where is_counted and is_cancelled_after_close
),

orders as (
    select
        fiscal_month,
        sum(order_count) as order_count
    from order_events
    group by fiscal_month
),

facts as (
    select
        coalesce(order_lines.fiscal_month, return_lines.fiscal_month) as fiscal_month,
        coalesce(order_lines.gross_revenue, 0) as gross_revenue,
        coalesce(order_lines.discount_amount, 0) as discount_amount,
        coalesce(return_lines.return_amount, 0) as return_amount,
        coalesce(order_lines.net_amount, 0) - coalesce(return_lines.return_amount, 0)
            as net_revenue
    from order_lines
    full outer join return_lines on order_lines.fiscal_month = return_lines.fiscal_month
),

channels as (
    select
        fiscal_month,
        sum(gross_revenue) as gross_revenue,
        coalesce(sum(discount_amount), 0) as discount_amount,
        coalesce(sum(return_amount), 0) as return_amount,
        sum(net_revenue) as net_revenue,
        sum(order_count) as order_count
    from {{ ref('mart_channel_performance') }}
    group by fiscal_month
)

select
    coalesce(facts.fiscal_month, channels.fiscal_month) as failing_key,
    facts.net_revenue as fact_net_revenue,
    channels.net_revenue as mart_net_revenue
from facts
full outer join channels on facts.fiscal_month = channels.fiscal_month
left join orders
    on coalesce(facts.fiscal_month, channels.fiscal_month) = orders.fiscal_month
where
    coalesce(facts.gross_revenue, 0) <> coalesce(channels.gross_revenue, 0)
    or coalesce(facts.discount_amount, 0) <> coalesce(channels.discount_amount, 0)
    or coalesce(facts.return_amount, 0) <> coalesce(channels.return_amount, 0)
    or coalesce(facts.net_revenue, 0) <> coalesce(channels.net_revenue, 0)
    or coalesce(orders.order_count, 0) <> coalesce(channels.order_count, 0)
