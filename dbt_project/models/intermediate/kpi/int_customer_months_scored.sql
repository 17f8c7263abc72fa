{#- Grain: known master customer x fiscal month with a counted order in the 24 months to
    t. RFM of K27: fifths of all of them, best first, ties to the lower code, the first
    fifths take what does not divide; fewer than low_n customers: no score. Frozen
    twin: cut points are the worst value of each score on the day before the fiscal year
    starts. In the last month of a year also by the cuts of the next
    (next_segment_code): where its first move starts. -#}
with months as (
    select
        fiscal_month,
        month_index,
        fiscal_year,
        substr(fiscal_month, 6, 2) = '12' and month_end_date = judged_date
            as is_year_end
    from {{ ref('int_fiscal_months_listed') }}
),

measured as (
    select
        windowed.master_customer_code,
        windowed.fiscal_month,
        windowed.month_index,
        months.fiscal_year,
        months.is_year_end,
        {{ days_between('windowed.last_order_date', 'windowed.judged_date') }}
            as recency_days,
        windowed.order_count_12m + windowed.order_count_prior_12m as order_count,
        windowed.net_revenue_12m + windowed.net_revenue_prior_12m as net_revenue
    from {{ ref('int_customer_months_windowed') }} as windowed
    inner join months on windowed.fiscal_month = months.fiscal_month
    where
        not windowed.is_unknown_customer
        and windowed.placed_count_12m + windowed.placed_count_prior_12m > 0
),

ranked as (
    select
        *,
        count(*) over (partition by month_index) as customer_count,
        row_number() over (
            partition by month_index
            order by recency_days asc nulls last, master_customer_code asc nulls last
        ) as recency_rank,
        row_number() over (
            partition by month_index
            order by order_count desc nulls last, master_customer_code asc nulls last
        ) as frequency_rank,
        row_number() over (
            partition by month_index
            order by net_revenue desc nulls last, master_customer_code asc nulls last
        ) as monetary_rank
    from measured
),

fifths as (
    select
        *,
        {{ fifth_score('recency_rank', 'customer_count') }} as recency_score,
        {{ fifth_score('frequency_rank', 'customer_count') }} as frequency_score,
        {{ fifth_score('monetary_rank', 'customer_count') }} as monetary_score
    from ranked
),

cuts as (
    select
        fiscal_year + 1 as cut_year,
    {%- for score in range(2, 6) %}
        max(case when recency_score >= {{ score }} then recency_days end)
            as recency_{{ score }},
        min(case when frequency_score >= {{ score }} then order_count end)
            as frequency_{{ score }},
        min(case when monetary_score >= {{ score }} then net_revenue end)
            as monetary_{{ score }}{{ ',' if not loop.last }}
    {%- endfor %}
    from fifths
    where is_year_end and customer_count >= {{ definition('low_n') }}
    group by fiscal_year
)

select
    fifths.master_customer_code,
    fifths.fiscal_month,
    fifths.month_index,
    fifths.recency_days,
    fifths.order_count,
    fifths.net_revenue,
    {%- for side in ['recency', 'frequency', 'monetary'] %}
        case
            when fifths.customer_count >= {{ definition('low_n') }}
                then fifths.{{ side }}_score
        end as {{ side }}_score,
    {%- endfor %}
    case
        when fifths.customer_count >= {{ definition('low_n') }}
            then
                {{ rfm_segment(
                    'fifths.recency_score', 'fifths.frequency_score',
                    'fifths.monetary_score'
                ) }}
        else {{ none_code() }}
    end as segment_code,
{%- for cut, name in [('own', 'fixed_segment_code'), ('later', 'next_segment_code')] %}
    case
        when {{ cut }}.cut_year is null then {{ none_code() }}
        else
                {{ rfm_segment(
                    frozen_score('fifths.recency_days', cut, 'recency', true),
                    frozen_score('fifths.order_count', cut, 'frequency', false),
                    frozen_score('fifths.net_revenue', cut, 'monetary', false)
                ) }}
    end as {{ name }}{{ ',' if not loop.last }}
{%- endfor %}
from fifths
left join cuts as own on fifths.fiscal_year = own.cut_year
left join cuts as later
    on case when fifths.is_year_end then fifths.fiscal_year + 1 end = later.cut_year
