{#- Grain: master customer x fiscal month, without gap from creation or first sale (not
    before the first month of the data) to the month of as_of; (unknown) is one
    customer. -#}
with customers as (
    select
        master_customer_code,
        min(created_date) as first_date
    from {{ ref('dim_customer') }}
    group by master_customer_code
),

lines as (
    select
        master_customer_code,
        min(business_date) as first_date
    from {{ ref('int_sales_lines_signed') }}
    group by master_customer_code
),

months as (
    select
        fiscal_month,
        month_index,
        month_start_date,
        month_end_date,
        judged_date,
        is_latest_month,
        full_month_count
    from {{ ref('int_fiscal_months_listed') }}
),

starts as (
    select
        master_customer_code,
        min(first_date) as first_date
    from (
        select
            master_customer_code,
            first_date
        from customers
        union all
        select
            master_customer_code,
            first_date
        from lines
        union all
        select
            {{ unknown_code() }} as master_customer_code,
            {{ first_day_of_time() }} as first_date
    ) as every_start
    where master_customer_code <> {{ none_code() }}
    group by master_customer_code
)

select
    starts.master_customer_code,
    months.fiscal_month,
    months.month_index,
    months.month_end_date,
    months.judged_date,
    months.is_latest_month,
    months.full_month_count,
    starts.master_customer_code = {{ unknown_code() }} as is_unknown_customer
from starts
inner join months on starts.first_date <= months.month_end_date
