{#- Grain: segment x region x market period x estimate version. Everything of
    mart_market_penetration before its ratio. Ours is NULL where the period lies before
    our data; the share waits until the period is over. -#}
with estimates as (
    select * from {{ ref('int_market_estimates_compared') }}
),

sold as (
    select
        segment_code,
        region_code,
        period_start_date,
        period_end_date,
        net_revenue,
        net_revenue_market_price,
        customer_hhi_index
    from {{ ref('int_market_periods_sold') }}
),

counted as (
    select
        segment_code,
        region_code,
        period_start_date,
        period_end_date,
        served_customer_count,
        active_customer_count
    from {{ ref('int_market_customers_counted') }}
),

own as (
    select
        scope_code,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'cell'
),

company as (
    select revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

data as (
    select min(month_start_date) as first_date
    from {{ ref('int_fiscal_months_listed') }}
)

select
    estimates.*,
    case when estimates.period_end_date >= data.first_date then sold.net_revenue end
        as net_revenue,
    case
        when
            estimates.period_end_date >= data.first_date
            then sold.net_revenue_market_price
    end
        as net_revenue_market_price,
    case
        when
            estimates.period_end_date >= data.first_date
            then counted.served_customer_count
    end
        as served_customer_count,
    case
        when
            estimates.period_end_date >= data.first_date
            then counted.active_customer_count
    end
        as active_customer_count,
    sold.customer_hhi_index,
    case
        when estimates.prior_period_end_date >= data.first_date
            then prior_sold.net_revenue_market_price
    end as prior_period_net_revenue_market_price,
    case
        when estimates.market_size_amount is null then 'no_data'
        when estimates.period_end_date < data.first_date then 'no_data'
        when estimates.period_end_date > {{ as_of() }} then 'immature'
        when estimates.period_start_date < data.first_date then 'partial'
        else coalesce(own.revenue_status, company.revenue_status)
    end as market_status
from estimates
cross join data
cross join company
inner join sold
    on
        estimates.segment_code = sold.segment_code
        and estimates.region_code = sold.region_code
        and estimates.period_start_date = sold.period_start_date
        and estimates.period_end_date = sold.period_end_date
inner join counted
    on
        estimates.segment_code = counted.segment_code
        and estimates.region_code = counted.region_code
        and estimates.period_start_date = counted.period_start_date
        and estimates.period_end_date = counted.period_end_date
left join sold as prior_sold
    on
        estimates.segment_code = prior_sold.segment_code
        and estimates.region_code = prior_sold.region_code
        and estimates.prior_period_start_date = prior_sold.period_start_date
        and estimates.prior_period_end_date = prior_sold.period_end_date
left join own
    on estimates.segment_code || '|' || estimates.region_code = own.scope_code
