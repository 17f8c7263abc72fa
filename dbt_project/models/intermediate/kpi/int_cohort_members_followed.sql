{#- Grain: cohort type (month, year) x known master customer with an order x period in
    which it ordered or had revenue. A customer joins with its first counted order; the
    channel of that order is its own for good (two on one day: the lower order id).
    Active = an order placed in the period; consecutive = in every one since the
    first. -#}

with orders as (
    select
        master_customer_code,
        business_date,
        channel_code,
        row_number() over (
            partition by master_customer_code
            order by business_date nulls last, order_id nulls last, order_key nulls last
        ) as order_no
    from {{ ref('fct_order') }}
    where is_counted
),

months as (
    select
        fiscal_month,
        month_index,
        fiscal_year
    from {{ ref('int_fiscal_months_listed') }}
),

firsts as (
    select
        master_customer_code,
        channel_code as first_channel_code,
        {{ fiscal_month('business_date') }} as first_fiscal_month
    from orders
    where order_no = 1
),

days as (
    select
        master_customer_code,
        fiscal_month,
        sum(placed_count) as placed_count,
        sum(net_revenue) as net_revenue
    from {{ ref('int_customer_days_summed') }}
    where master_customer_code not in ({{ unknown_code() }}, {{ none_code() }})
    group by master_customer_code, fiscal_month
),

summed as (
    {%- for kind, period in [('month', 'month_index'), ('year', 'fiscal_year')] %}
        select
            '{{ kind }}' as cohort_type,
            days.master_customer_code,
            firsts.first_channel_code,
            joined.{{ period }} as cohort_no,
            months.{{ period }} as period_no,
            sum(days.placed_count) > 0 as is_active,
            sum(days.net_revenue) as net_revenue
        from days
        inner join months on days.fiscal_month = months.fiscal_month
        inner join firsts on days.master_customer_code = firsts.master_customer_code
        inner join months as joined on firsts.first_fiscal_month = joined.fiscal_month
        group by
            days.master_customer_code,
            firsts.first_channel_code,
            joined.{{ period }},
            months.{{ period }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    cohort_type,
    master_customer_code,
    first_channel_code,
    cohort_no,
    period_no,
    is_active,
    is_active
    and row_number() over (
        partition by cohort_type, master_customer_code, is_active
        order by period_no nulls last
    ) = period_no - cohort_no + 1 as is_consecutive,
    net_revenue
from summed
