{#- Grain: stage x master customer x calendar month with an order or a revenue line. The
    way of the retention KPIs from what was told to what is told, one cause a step:
    1 the carried facts under the customers and rates of then; 2 at today's plan rates;
    3 under today's customers; 4 with today's orders and order lines. Stage 5, with
    today's returns too, is what this release says. -#}

with carried as (
    select * from {{ ref('int_retention_rows_carried') }}
),

today as (
    select
        master_customer_code,
        event_date as business_date,
        placed_count,
        false as is_line,
        cast(null as decimal(18, 4)) as revenue
    from {{ ref('int_customer_orders_dated') }}
    union all
    select
        master_customer_code,
        business_date,
        0 as placed_count,
        true as is_line,
        net_revenue_constant as revenue
    from {{ ref('int_sales_lines_signed') }}
    where fact_type = 'order_line'
),

staged as (
    {%- for stage, customer, revenue in [
        (1, 'told_customer_code', 'revenue_then'),
        (2, 'told_customer_code', 'revenue_today'),
        (3, 'master_customer_code', 'revenue_today'),
        (4, 'master_customer_code', 'revenue_today')
    ] %}
        select
            {{ stage }} as stage_no,
            {{ customer }} as master_customer_code,
            business_date,
            placed_count,
            is_line,
            {{ revenue }} as revenue
        from carried
        {%- if stage == 4 %}
            where fact_type = 'return_line'
        {%- endif %}
        union all
    {%- endfor %}
    select
        4 as stage_no,
        master_customer_code,
        business_date,
        placed_count,
        is_line,
        revenue
    from today
)

select
    stage_no,
    master_customer_code,
    cast(extract(year from business_date) as bigint) * 12
    + cast(extract(month from business_date) as bigint) as month_index,
    sum(placed_count) as placed_count,
    coalesce(sum(revenue), 0) as revenue,
    sum(case when is_line and revenue is null then 1 else 0 end) as unconverted_count
from staged
group by
    stage_no,
    master_customer_code,
    cast(extract(year from business_date) as bigint) * 12
    + cast(extract(month from business_date) as bigint)
