{#- Grain: manager x fiscal month with an order of the manager's force.
    Not additive over managers: an order of two forces, and of a manager's manager,
    stands with each of them whole. Over months it is.
    Rule: model.md 4.2, 4.9: manager credit is the total of each order over the
    hierarchy valid on the credit date, once, and no row of the bridge. What an edit of
    a split brings to a force, or takes from it, is all that the order was by then:
    posted on the edit's day where the month of the entry was closed by then, else on
    the entry's day. Owner sales_operations.
    Source: bridge_order_credit, fct_order, dim_sales_rep. -#}
with forces as (
    select
        manager_code,
        source_system,
        order_id,
        posting_date,
        direction
    from {{ ref('int_orders_managed') }}
),

order_days as (
    select
        source_system,
        order_id,
        business_date,
        close_date,
        order_count,
        gross_revenue,
        net_revenue
    from {{ ref('int_order_days_summed') }}
),

shares as (
    select
        manager_code,
        fiscal_month,
        net_amount_reporting
    from {{ ref('int_credits_managed') }}
),

dated as (
    select
        forces.manager_code,
        forces.direction,
        order_days.*,
        case
            when forces.posting_date > order_days.close_date then forces.posting_date
            else order_days.business_date
        end as posted_date
    from forces
    inner join order_days
        on
            forces.source_system = order_days.source_system
            and forces.order_id = order_days.order_id
),

-- What came and went before the close, or had gone before the entry, was never there.
posted as (
    select
        manager_code,
        posted_date,
        sum(direction) * order_count as order_count,
        sum(direction) * gross_revenue as gross_revenue,
        sum(direction) * net_revenue as net_revenue
    from dated
    group by
        manager_code, source_system, order_id, business_date, posted_date, order_count,
        gross_revenue, net_revenue
    having sum(direction) <> 0
),

parts as (
    select
        manager_code,
        {{ fiscal_month('posted_date') }} as fiscal_month,
        order_count,
        gross_revenue,
        net_revenue,
        0 as credited_net_revenue
    from posted
    union all
    select
        manager_code,
        fiscal_month,
        0 as order_count,
        0 as gross_revenue,
        0 as net_revenue,
        net_amount_reporting as credited_net_revenue
    from shares
)

select
    {{ as_of() }} as as_of_date,
    manager_code,
    fiscal_month,
    '{{ var("reporting_currency") }}' as reporting_currency,
    cast(sum(order_count) as bigint) as order_count,
    cast(sum(gross_revenue) as decimal(18, 4)) as order_gross_revenue,
    cast(sum(net_revenue) as decimal(18, 4)) as order_net_revenue,
    cast(sum(credited_net_revenue) as decimal(18, 4)) as credited_net_revenue
from parts
group by manager_code, fiscal_month
