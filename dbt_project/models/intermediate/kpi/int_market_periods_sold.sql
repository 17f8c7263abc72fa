{#- Grain: segment x region x market period (first and last day) of any estimate. Our
    net revenue there, as reported and at the price level of the market, and the
    concentration of known customers (K30). A period counts up to as_of. -#}
with periods as (
    select distinct
        segment_code,
        region_code,
        period_start_date,
        period_end_date
    from {{ ref('fct_market_size') }}
),

lines as (
    select
        segment_code,
        region_code,
        channel_code,
        master_customer_code,
        business_date,
        net_revenue
    from {{ ref('int_sales_lines_signed') }}
),

sales as (
    select
        periods.segment_code,
        periods.region_code,
        periods.period_start_date,
        periods.period_end_date,
        lines.master_customer_code,
        sum(lines.net_revenue) as net_revenue,
        sum({{ times(
            'lines.net_revenue', price_level_factor('lines.channel_code')
        ) }}) as net_revenue_market_price
    from periods
    inner join lines
        on
            periods.segment_code = lines.segment_code
            and periods.region_code = lines.region_code
            and periods.period_start_date <= lines.business_date
            and periods.period_end_date >= lines.business_date
    group by
        periods.segment_code,
        periods.region_code,
        periods.period_start_date,
        periods.period_end_date,
        lines.master_customer_code
),

weighed as (
    select
        sales.*,
        case
            when
                sales.net_revenue > 0
                and sales.master_customer_code <> {{ unknown_code() }}
                then {{ wide_int(units('sales.net_revenue')) }}
            else {{ wide_int('0') }}
        end as net_units
    from sales
),

summed as (
    select
        segment_code,
        region_code,
        period_start_date,
        period_end_date,
        sum(net_revenue) as net_revenue,
        sum(net_revenue_market_price) as net_revenue_market_price,
        sum(net_units) as total_units,
        sum(net_units * net_units) as sum_of_squares
    from weighed
    group by segment_code, region_code, period_start_date, period_end_date
)

select
    periods.segment_code,
    periods.region_code,
    periods.period_start_date,
    periods.period_end_date,
    coalesce(summed.net_revenue, 0) as net_revenue,
    coalesce(summed.net_revenue_market_price, 0) as net_revenue_market_price,
    {{ concentration('summed.sum_of_squares', 'summed.total_units') }}
        as customer_hhi_index
from periods
left join summed
    on
        periods.segment_code = summed.segment_code
        and periods.region_code = summed.region_code
        and periods.period_start_date = summed.period_start_date
        and periods.period_end_date = summed.period_end_date
