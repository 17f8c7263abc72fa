{#- Grain: known master customer x fiscal month with an order that is not the first.
    Median days between its orders up to that month, exact on whole days. -#}
with gaps as (
    select
        orders.order_key,
        orders.master_customer_code,
        orders.gap_days,
        months.month_index
    from {{ ref('int_customer_orders_dated') }} as orders
    inner join {{ ref('int_fiscal_months_listed') }} as months
        on orders.fiscal_month = months.fiscal_month
    where
        orders.gap_days is not null
        and orders.master_customer_code <> {{ unknown_code() }}
),

order_months as (
    select distinct
        master_customer_code,
        month_index
    from gaps
),

ranked as (
    select
        order_months.master_customer_code,
        order_months.month_index,
        gaps.gap_days,
        row_number() over (
            partition by order_months.master_customer_code, order_months.month_index
            order by gaps.gap_days nulls last, gaps.order_key nulls last
        ) as rank_no,
        count(*) over (
            partition by order_months.master_customer_code, order_months.month_index
        ) as rank_count
    from order_months
    inner join gaps
        on
            order_months.master_customer_code = gaps.master_customer_code
            and order_months.month_index >= gaps.month_index
)

select
    master_customer_code,
    month_index,
    {{ middle_of('gap_days') }} as order_gap_median_days
from ranked
where {{ is_middle_rank() }}
group by master_customer_code, month_index
