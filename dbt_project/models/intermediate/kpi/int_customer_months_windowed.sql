{#- Grain: master customer x fiscal month. Sums to date, over the twelve months to t and
    the twelve before. A closed month counts whole months (ROWS on the gap-free spine);
    the open month is judged at as_of, its windows by date. Last event dates up
    to t. -#}
{%- set measures = [
    'gross_revenue', 'discount_amount', 'return_amount', 'net_revenue', 'net_revenue_constant',
    'unconverted_count', 'line_count', 'costed_line_count', 'costed_net_revenue',
    'gross_margin_amount', 'order_count', 'placed_count', 'kept_count',
    'comeback_count', 'won_count', 'csat_count', 'satisfied_count',
] %}
{%- set prior_measures = [
    'net_revenue', 'net_revenue_constant', 'unconverted_count', 'placed_count',
    'order_count',
] %}
{%- set totals = [
    'net_revenue', 'order_count', 'kept_count', 'line_count', 'costed_line_count',
    'gross_margin_amount',
] %}
{%- set last_dates = ['order_date', 'touch_date', 'two_way_touch_date'] %}

with days as (
    select * from {{ ref('int_customer_days_summed') }}
),

spine as (
    select
        master_customer_code,
        fiscal_month,
        month_index,
        judged_date,
        is_latest_month,
        full_month_count,
        is_unknown_customer
    from {{ ref('int_customer_months_spined') }}
),

month_sums as (
    select
        master_customer_code,
        fiscal_month,
        min(order_date) as first_order_date,
        {%- for name in last_dates %}
            max({{ name }}) as {{ name }},
        {%- endfor %}
    {%- for name in measures %}
        sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from days
    group by master_customer_code, fiscal_month
),

as_of_sums as (
    select
        master_customer_code,
        {%- for name in prior_measures %}
            sum(
                case
                    when
                        business_date <= {{ as_of_minus_months(12) }}
                        then {{ name }}
                    else 0
                end
            )
                as {{ name }}_prior_12m,
        {%- endfor %}
    {%- for name in measures %}
        sum(
            case
                when business_date > {{ as_of_minus_months(12) }} then {{ name }} else 0
            end
        )
            as {{ name }}_12m{{ ',' if not loop.last }}
    {%- endfor %}
    from days
    where
        business_date > {{ as_of_minus_months(24) }}
        and business_date <= {{ as_of() }}
    group by master_customer_code
),

framed as (
    select
        spine.*,
        min(month_sums.first_order_date) over to_date as first_order_date,
        {%- for name in last_dates %}
            max(month_sums.{{ name }}) over to_date as last_{{ name }},
        {%- endfor %}
        {%- for name in totals %}
            sum(month_sums.{{ name }}) over to_date as {{ name }}_total,
        {%- endfor %}
        month_sums.net_revenue as net_revenue_month,
        month_sums.order_count as order_count_month,
        {%- for name in prior_measures %}
            sum(month_sums.{{ name }}) over prior_12m as {{ name }}_prior_12m,
        {%- endfor %}
    {%- for name in measures %}
        sum(month_sums.{{ name }})
            over last_12m
            as {{ name }}_12m{{ ',' if not loop.last }}
    {%- endfor %}
    from spine
    left join month_sums
        on
            spine.master_customer_code = month_sums.master_customer_code
            and spine.fiscal_month = month_sums.fiscal_month
    window
        to_date as (
            partition by spine.master_customer_code
            order by spine.month_index nulls last
            rows between unbounded preceding and current row
        ),
        last_12m as (
            partition by spine.master_customer_code
            order by spine.month_index nulls last
            rows between 11 preceding and current row
        ),
        prior_12m as (
            partition by spine.master_customer_code
            order by spine.month_index nulls last
            rows between 23 preceding and 12 preceding
        )
)

select
    framed.master_customer_code,
    framed.fiscal_month,
    framed.month_index,
    framed.judged_date,
    framed.is_latest_month,
    framed.full_month_count,
    framed.is_unknown_customer,
    framed.first_order_date,
    {%- for name in last_dates %}
        framed.last_{{ name }},
    {%- endfor %}
    {%- for name in totals %}
        coalesce(framed.{{ name }}_total, 0) as {{ name }}_total,
    {%- endfor %}
    coalesce(framed.net_revenue_month, 0) as net_revenue_month,
    coalesce(framed.order_count_month, 0) as order_count_month,
    {%- for name in prior_measures %}
        coalesce(
            case
                when framed.is_latest_month then as_of_sums.{{ name }}_prior_12m
                else framed.{{ name }}_prior_12m
            end, 0
        ) as {{ name }}_prior_12m,
    {%- endfor %}
{%- for name in measures %}
    coalesce(
        case
            when framed.is_latest_month then as_of_sums.{{ name }}_12m
            else framed.{{ name }}_12m
        end, 0
    ) as {{ name }}_12m{{ ',' if not loop.last }}
{%- endfor %}
from framed
left join as_of_sums on framed.master_customer_code = as_of_sums.master_customer_code
