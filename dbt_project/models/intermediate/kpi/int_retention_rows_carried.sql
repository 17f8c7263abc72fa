{#- Grain: counted order or revenue line of the carried release: with the master its
    customer had then and the one it has today (an account that nothing names any more
    keeps its own), and with its money at the plan rates of then and of today. The
    unknown and the inapplicable customer are one: (unknown). -#}

with masters as (
    select
        customer_code,
        min(master_customer_code) as master_customer_code
    from {{ ref('dim_customer') }}
    group by customer_code
),

told as (
    select
        'order' as fact_type,
        customer_code,
        master_customer_code,
        business_date,
        cast(null as string) as currency,
        1 as placed_count,
        cast(null as decimal(18, 4)) as net_amount,
        cast(null as decimal(18, 4)) as net_revenue
    from {{ ref('stg_parent__fct_order') }}
    where is_counted
    union all
    select
        'order_line' as fact_type,
        customer_code,
        master_customer_code,
        business_date,
        currency,
        0 as placed_count,
        net_amount,
        net_amount_reporting as net_revenue
    from {{ ref('stg_parent__fct_order_line') }}
    where is_revenue_line
    union all
    select
        'return_line' as fact_type,
        customer_code,
        master_customer_code,
        business_date,
        currency,
        0 as placed_count,
        -net_amount as net_amount,
        -net_amount_reporting as net_revenue
    from {{ ref('stg_parent__fct_return_line') }}
    where is_revenue_line
),

rates as (
    select
        from_currency,
        rate_then,
        rate_today
    from {{ ref('int_plan_rates_compared') }}
),

rated as (
    select
        told.*,
        coalesce(masters.master_customer_code, told.master_customer_code)
            as master_today,
        case
            when told.currency = '{{ var("reporting_currency") }}' then told.net_revenue
            else {{ times('told.net_amount', 'rates.rate_then') }}
        end as revenue_then,
        case
            when told.currency = '{{ var("reporting_currency") }}' then told.net_revenue
            else {{ times('told.net_amount', 'rates.rate_today') }}
        end as revenue_today
    from told
    left join masters on told.customer_code = masters.customer_code
    left join rates on told.currency = rates.from_currency
)

select
    fact_type,
    business_date,
    {%- for column, name in [
        ('master_customer_code', 'told_customer_code'),
        ('master_today', 'master_customer_code')
    ] %}
        case
            when {{ column }} = {{ none_code() }} then {{ unknown_code() }}
            else coalesce({{ column }}, {{ unknown_code() }})
        end as {{ name }},
    {%- endfor %}
    placed_count,
    fact_type <> 'order' as is_line,
    revenue_then,
    revenue_today
from rated
