{#- Grain: order line entry or return line, product and service only; key line_key.
    Signed so that sums hold: net = gross - discount - return. Costs only where the line
    is costed. Constant currency: the plan rate of the fiscal year of as_of (E4), NULL
    where there is none. The unknown and the inapplicable customer are one:
    (unknown). -#}
with order_lines as (
    select
        order_line_key as line_key,
        'order_line' as fact_type,
        source_system,
        business_date,
        fiscal_month,
        fiscal_month as cohort_month,
        channel_code,
        master_customer_code,
        segment_code,
        region_code,
        product_family_code,
        currency,
        quantity,
        case when entry_type = 'reversal' then -1 else 1 end as order_line_count,
        0 as return_line_count,
        gross_amount_reporting as gross_revenue,
        discount_amount_reporting as discount_amount,
        cast(0 as decimal(18, 4)) as return_amount,
        case when is_free_good then 0 else gross_amount_reporting end
            as charged_gross_revenue,
        case when is_free_good then 0 else discount_amount_reporting end
            as charged_discount_amount,
        net_amount_reporting as net_revenue,
        net_amount,
        cost_amount_reporting as cost_amount
    from {{ ref('fct_order_line') }}
    where is_revenue_line
),

return_lines as (
    select
        return_line_key as line_key,
        'return_line' as fact_type,
        source_system,
        business_date,
        fiscal_month,
        case when is_original_known then original_fiscal_month end as cohort_month,
        channel_code,
        master_customer_code,
        segment_code,
        region_code,
        product_family_code,
        currency,
        -quantity as quantity,
        0 as order_line_count,
        1 as return_line_count,
        cast(0 as decimal(18, 4)) as gross_revenue,
        cast(0 as decimal(18, 4)) as discount_amount,
        net_amount_reporting as return_amount,
        cast(0 as decimal(18, 4)) as charged_gross_revenue,
        cast(0 as decimal(18, 4)) as charged_discount_amount,
        -net_amount_reporting as net_revenue,
        -net_amount as net_amount,
        -cost_amount_reporting as cost_amount
    from {{ ref('fct_return_line') }}
    where is_revenue_line
),

lines as (
    select * from order_lines
    union all
    select * from return_lines
),

rates as (
    select
        from_currency,
        rate
    from {{ ref('int_plan_rates_chosen') }}
    where fiscal_year = {{ fiscal_year(as_of()) }}
)

select
    lines.line_key,
    lines.fact_type,
    lines.source_system,
    lines.business_date,
    lines.fiscal_month,
    lines.cohort_month,
    lines.channel_code,
    case
        when lines.master_customer_code = {{ none_code() }} then {{ unknown_code() }}
        else coalesce(lines.master_customer_code, {{ unknown_code() }})
    end as master_customer_code,
    lines.segment_code,
    lines.region_code,
    lines.product_family_code,
    lines.quantity,
    lines.order_line_count,
    lines.return_line_count,
    lines.gross_revenue,
    lines.discount_amount,
    lines.return_amount,
    lines.charged_gross_revenue,
    lines.charged_discount_amount,
    lines.net_revenue,
    case
        when lines.currency = '{{ var("reporting_currency") }}' then lines.net_revenue
        else {{ times('lines.net_amount', 'rates.rate') }}
    end as net_revenue_constant,
    case when lines.cost_amount is not null then lines.net_revenue end
        as costed_net_revenue,
    lines.cost_amount
from lines
left join rates on lines.currency = rates.from_currency
