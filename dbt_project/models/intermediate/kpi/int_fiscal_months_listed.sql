{#- Grain: fiscal month, from the first month with a product or service line (or with a
    channel cost, if earlier) to that of as_of. month_index counts months without gap;
    judged_date is the month end, in the open month as_of; full_month_count,
    sales_month_count and order_month_count number the months from the first full one,
    from the first with a sale (an order or a return) and from that of the first order,
    which is 1; NULL where there is none. -#}
with days as (
    select
        date_day,
        fiscal_year,
        fiscal_quarter,
        fiscal_month,
        month_start_date,
        month_end_date,
        is_period_closed
    from {{ ref('dim_date') }}
    where date_key > 0
),

order_lines as (
    select business_date from {{ ref('fct_order_line') }}
    where is_revenue_line
),

return_lines as (
    select business_date from {{ ref('fct_return_line') }}
    where is_revenue_line
),

first_days as (
    select
        min(first_day) as first_day,
        min(first_order_day) as first_order_day
    from (
        select
            min(business_date) as first_day,
            min(business_date) as first_order_day
        from order_lines
        union all
        select
            min(business_date) as first_day,
            cast(null as date) as first_order_day
        from return_lines
    ) as both_kinds
),

costs as (
    select min(fiscal_month) as first_cost_month
    from {{ ref('fct_channel_cost') }}
),

months as (
    select
        fiscal_year,
        fiscal_quarter,
        fiscal_month,
        month_start_date,
        month_end_date,
        is_period_closed,
        cast(extract(year from month_start_date) as bigint) * 12
        + cast(extract(month from month_start_date) as bigint) as month_index,
        min(month_start_date) over (partition by fiscal_quarter) as quarter_start_date,
        max(month_end_date) over (partition by fiscal_quarter) as quarter_end_date
    from days
    where date_day = month_end_date
),

full_months as (
    select
        min(months.month_index) filter (
            where months.month_start_date >= first_days.first_order_day
        ) as first_full_month_index,
        min(months.month_index) filter (
            where months.month_end_date >= first_days.first_day
        ) as first_sales_month_index,
        min(months.month_index) filter (
            where months.month_end_date >= first_days.first_order_day
        ) as first_order_month_index
    from months
    cross join first_days
)

select
    months.fiscal_month,
    months.month_index,
    months.fiscal_year,
    months.fiscal_quarter,
    months.month_start_date,
    months.month_end_date,
    months.quarter_start_date,
    months.quarter_end_date,
    least(months.month_end_date, {{ as_of() }}) as judged_date,
    months.is_period_closed,
    {{ as_of() }} between months.month_start_date and months.month_end_date
        as is_latest_month,
    months.month_index - full_months.first_full_month_index + 1 as full_month_count,
    months.month_index - full_months.first_sales_month_index + 1 as sales_month_count,
    months.month_index - full_months.first_order_month_index + 1 as order_month_count
from months
cross join first_days
cross join costs
cross join full_months
where
    (
        months.month_end_date >= first_days.first_day
        or months.fiscal_month >= costs.first_cost_month
    )
    and months.month_start_date <= {{ as_of() }}
