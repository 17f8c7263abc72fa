{#- Grain: order x business date on which it was ordered, cancelled after its month's
    close, or returned: what the order as a whole came to by that. Order count as in
    K03; money as first credited, product and service lines. A return whose order is
    unknown is an order of its own, without a count. -#}
with credits as (
    select
        source_system,
        coalesce(order_id, fact_key) as order_id,
        business_date,
        gross_amount_reporting,
        net_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where credit_type = 'rep_primary' and is_revenue_line and edit_no = 0
),

orders as (
    select
        source_system,
        order_id,
        business_date,
        cancelled_date,
        is_cancelled_after_close
    from {{ ref('fct_order') }}
    where is_counted
),

entries as (
    select
        source_system,
        order_id,
        business_date,
        0 as order_count,
        gross_amount_reporting,
        net_amount_reporting
    from credits
    union all
    select
        source_system,
        order_id,
        business_date,
        1 as order_count,
        0 as gross_amount_reporting,
        0 as net_amount_reporting
    from orders
    union all
    select
        source_system,
        order_id,
        cancelled_date as business_date,
        -1 as order_count,
        0 as gross_amount_reporting,
        0 as net_amount_reporting
    from orders
    where is_cancelled_after_close
)

select
    source_system,
    order_id,
    business_date,
    {{ close_date('business_date') }} as close_date,
    sum(order_count) as order_count,
    sum(gross_amount_reporting) as gross_revenue,
    sum(net_amount_reporting) as net_revenue
from entries
group by source_system, order_id, business_date
