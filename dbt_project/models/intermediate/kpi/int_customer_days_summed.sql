{#- Grain: master customer x business date with an event. Money of signed lines, orders,
    deals won, answers and touches of the day, so that any window is a sum over days or
    months. -#}
with lines as (
    select
        master_customer_code,
        business_date,
        sum(gross_revenue) as gross_revenue,
        sum(discount_amount) as discount_amount,
        sum(return_amount) as return_amount,
        sum(net_revenue) as net_revenue,
        sum(net_revenue_constant) as net_revenue_constant,
        count(*) - count(net_revenue_constant) as unconverted_count,
        count(*) as line_count,
        count(cost_amount) as costed_line_count,
        sum(costed_net_revenue) as costed_net_revenue,
        sum(costed_net_revenue) - sum(cost_amount) as gross_margin_amount
    from {{ ref('int_sales_lines_signed') }}
    group by master_customer_code, business_date
),

order_events as (
    select
        master_customer_code,
        event_date as business_date,
        sum(order_count) as order_count,
        sum(placed_count) as placed_count,
        sum(kept_count) as kept_count,
        sum(comeback_count) as comeback_count
    from {{ ref('int_customer_orders_dated') }}
    group by master_customer_code, event_date
),

deals as (
    select
        master_customer_code,
        closed_date as business_date,
        count(*) as won_count
    from {{ ref('fct_opportunity') }}
    where state = 'won'
    group by master_customer_code, closed_date
),

answers as (
    select
        respondent_code as master_customer_code,
        answered_date as business_date,
        count(*) as csat_count,
        sum(case when is_satisfied then 1 else 0 end) as satisfied_count
    from {{ ref('fct_satisfaction_response') }}
    where
        respondent_type = 'customer'
        and kind = 'csat'
        and is_answered
        and is_latest
    group by respondent_code, answered_date
),

touches as (
    select
        master_customer_code,
        business_date,
        count(*) as touch_count,
        sum(case when is_two_way_touch then 1 else 0 end) as two_way_touch_count
    from {{ ref('fct_activity') }}
    group by master_customer_code, business_date
),

keys as (
    select
        master_customer_code,
        business_date
    from lines
    union
    select
        master_customer_code,
        business_date
    from order_events
    union
    select
        master_customer_code,
        business_date
    from deals
    union
    select
        master_customer_code,
        business_date
    from answers
    union
    select
        master_customer_code,
        business_date
    from touches
)

select
    keys.master_customer_code,
    keys.business_date,
    {{ fiscal_month('keys.business_date') }} as fiscal_month,
    coalesce(lines.gross_revenue, 0) as gross_revenue,
    coalesce(lines.discount_amount, 0) as discount_amount,
    coalesce(lines.return_amount, 0) as return_amount,
    coalesce(lines.net_revenue, 0) as net_revenue,
    coalesce(lines.net_revenue_constant, 0) as net_revenue_constant,
    coalesce(lines.unconverted_count, 0) as unconverted_count,
    coalesce(lines.line_count, 0) as line_count,
    coalesce(lines.costed_line_count, 0) as costed_line_count,
    coalesce(lines.costed_net_revenue, 0) as costed_net_revenue,
    coalesce(lines.gross_margin_amount, 0) as gross_margin_amount,
    coalesce(order_events.order_count, 0) as order_count,
    coalesce(order_events.placed_count, 0) as placed_count,
    coalesce(order_events.kept_count, 0) as kept_count,
    coalesce(order_events.comeback_count, 0) as comeback_count,
    coalesce(deals.won_count, 0) as won_count,
    coalesce(answers.csat_count, 0) as csat_count,
    coalesce(answers.satisfied_count, 0) as satisfied_count,
    coalesce(touches.two_way_touch_count, 0) as two_way_touch_count,
    case when order_events.placed_count > 0 then keys.business_date end as order_date,
    case when touches.touch_count > 0 then keys.business_date end as touch_date,
    case when touches.two_way_touch_count > 0 then keys.business_date end
        as two_way_touch_date
from keys
left join lines
    on
        keys.master_customer_code = lines.master_customer_code
        and keys.business_date = lines.business_date
left join order_events
    on
        keys.master_customer_code = order_events.master_customer_code
        and keys.business_date = order_events.business_date
left join deals
    on
        keys.master_customer_code = deals.master_customer_code
        and keys.business_date = deals.business_date
left join answers
    on
        keys.master_customer_code = answers.master_customer_code
        and keys.business_date = answers.business_date
left join touches
    on
        keys.master_customer_code = touches.master_customer_code
        and keys.business_date = touches.business_date
