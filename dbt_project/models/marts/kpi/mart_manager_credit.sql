{#- Grain: manager x fiscal month with an order of the manager's force.
    Not additive over managers: an order of two forces, and of a manager's manager,
    stands with each of them whole. Over months it is.
    Rule: model.md 4.2: manager credit is the total of each order over the hierarchy
    valid on the credit date, once, and no row of the bridge. Owner sales_operations.
    Source: bridge_order_credit, fct_order, dim_sales_rep. -#}
with orders as (
    select
        manager_code,
        source_system,
        order_id
    from {{ ref('int_orders_managed') }}
),

shares as (
    select
        manager_code,
        fiscal_month,
        sum(net_amount_reporting) as credited_net_revenue
    from {{ ref('int_credits_managed') }}
    group by manager_code, fiscal_month
),

order_months as (
    select
        source_system,
        coalesce(order_id, fact_key) as order_id,
        fiscal_month,
        sum(gross_amount_reporting) as gross_revenue,
        sum(net_amount_reporting) as net_revenue
    from {{ ref('bridge_order_credit') }}
    where credit_type = 'rep_primary' and is_revenue_line
    group by source_system, coalesce(order_id, fact_key), fiscal_month
),

counted as (
    select
        source_system,
        order_id,
        fiscal_month,
        1 as order_count
    from {{ ref('fct_order') }}
    where is_counted
    union all
    select
        source_system,
        order_id,
        {{ fiscal_month('cancelled_date') }} as fiscal_month,
        -1 as order_count
    from {{ ref('fct_order') }}
    where is_counted and is_cancelled_after_close
),

counts as (
    select
        orders.manager_code,
        counted.fiscal_month,
        sum(counted.order_count) as order_count
    from orders
    inner join counted
        on
            orders.source_system = counted.source_system
            and orders.order_id = counted.order_id
    group by orders.manager_code, counted.fiscal_month
),

totals as (
    select
        orders.manager_code,
        order_months.fiscal_month,
        sum(order_months.gross_revenue) as gross_revenue,
        sum(order_months.net_revenue) as net_revenue
    from orders
    inner join order_months
        on
            orders.source_system = order_months.source_system
            and orders.order_id = order_months.order_id
    group by orders.manager_code, order_months.fiscal_month
)

select
    {{ as_of() }} as as_of_date,
    totals.manager_code,
    totals.fiscal_month,
    '{{ var("reporting_currency") }}' as reporting_currency,
    cast(coalesce(counts.order_count, 0) as bigint) as order_count,
    cast(totals.gross_revenue as decimal(18, 4)) as order_gross_revenue,
    cast(totals.net_revenue as decimal(18, 4)) as order_net_revenue,
    cast(coalesce(shares.credited_net_revenue, 0) as decimal(18, 4))
        as credited_net_revenue
from totals
left join counts
    on
        totals.manager_code = counts.manager_code
        and totals.fiscal_month = counts.fiscal_month
left join shares
    on
        totals.manager_code = shares.manager_code
        and totals.fiscal_month = shares.fiscal_month
