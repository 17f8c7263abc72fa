{{ config(meta={'rule': 'R05'}) }}
{#- Per month end: net revenue of all customers, the unknown one included, over the
    twelve months to it = that of the facts. -#}

with facts as (
    select
        business_date,
        net_amount_reporting as net_revenue
    from {{ ref('fct_order_line') }}
    where is_revenue_line
    union all
    select
        business_date,
        -net_amount_reporting as net_revenue
    from {{ ref('fct_return_line') }}
    where is_revenue_line
),

days as (
    select
        business_date,
        sum(net_revenue) as net_revenue
    from facts
    group by business_date
),

customers as (
    select
        month_end_date,
        case
            when is_latest_month then {{ as_of_minus_months(12) }}
            else {{ month_end(add_months('month_end_date', -12)) }}
        end as after_date,
        sum(net_revenue_12m) as net_revenue
    from {{ ref('mart_customer_360') }}
    group by month_end_date, is_latest_month
),

compared as (
    select
        customers.month_end_date,
        customers.net_revenue,
        coalesce(sum(days.net_revenue), 0) as fact_net_revenue
    from customers
    left join days
        on
            customers.after_date < days.business_date
            and customers.month_end_date >= days.business_date
    group by customers.month_end_date, customers.net_revenue
)

select
    cast(month_end_date as string) as failing_key,
    net_revenue,
    fact_net_revenue
from compared
where net_revenue <> fact_net_revenue
