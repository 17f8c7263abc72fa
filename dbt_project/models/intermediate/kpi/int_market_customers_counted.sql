{#- Grain: segment x region x market period. Distinct known customers served in the
    period, and active in the twelve months to its end (to as_of where it is
    not over). -#}
with periods as (
    select distinct
        segment_code,
        region_code,
        period_start_date,
        period_end_date,
        least(period_end_date, {{ as_of() }}) as judged_date,
        case
            when period_end_date > {{ as_of() }} then {{ as_of_minus_months(12) }}
            else {{ month_end(add_months('period_end_date', -12)) }}
        end as active_after_date
    from {{ ref('fct_market_size') }}
),

orders as (
    select
        segment_code,
        region_code,
        master_customer_code,
        business_date
    from {{ ref('fct_order') }}
    where
        is_counted
        and master_customer_code not in ({{ none_code() }}, {{ unknown_code() }})
)

select
    periods.segment_code,
    periods.region_code,
    periods.period_start_date,
    periods.period_end_date,
    count(
        distinct case
            when orders.business_date >= periods.period_start_date
                then orders.master_customer_code
        end
    ) as served_customer_count,
    count(
        distinct case
            when orders.business_date > periods.active_after_date
                then orders.master_customer_code
        end
    ) as active_customer_count
from periods
left join orders
    on
        periods.segment_code = orders.segment_code
        and periods.region_code = orders.region_code
        and periods.judged_date >= orders.business_date
group by
    periods.segment_code,
    periods.region_code,
    periods.period_start_date,
    periods.period_end_date
