{#- Grain: cohort type x cohort period x age x channel of the first order x reporting
    currency; age 0 is the period of the first order.
    Not additive over ages, nor over cohort types; over channels and cohorts of one age
    the counts and amounts add up, ratios are sums of numerators / sums of denominators.
    Incomplete periods (is_complete false) are still running. A cohort in or soon after
    the month of the first order in the data is partial: it counts old customers as new.
    Rule: K29 of quality/metrics.yml, owner customer_success. Source: fct_order,
    fct_order_line, fct_return_line. -#}
with members as (
    select
        cohort_type,
        master_customer_code,
        first_channel_code,
        cohort_no,
        period_no,
        is_active,
        is_consecutive,
        net_revenue
    from {{ ref('int_cohort_members_followed') }}
),

months as (
    select
        fiscal_month,
        fiscal_year,
        month_index,
        month_end_date,
        order_month_count
    from {{ ref('int_fiscal_months_listed') }}
),

periods as (
    select
        'month' as cohort_type,
        month_index as period_no,
        fiscal_month as period,
        order_month_count,
        month_end_date <= {{ as_of() }} as is_complete
    from months
    union all
    select
        'year' as cohort_type,
        fiscal_year as period_no,
        cast(fiscal_year as string) as period,
        min(order_month_count) as order_month_count,
        max(
            case
                when
                    substr(fiscal_month, 6, 2) = '12'
                    and month_end_date <= {{ as_of() }}
                    then 1
                else 0
            end
        ) = 1 as is_complete
    from months
    group by fiscal_year
),

cohorts as (
    select
        cohort_type,
        cohort_no,
        first_channel_code,
        count(distinct master_customer_code) as cohort_size,
        sum(case when period_no = cohort_no then net_revenue else 0 end)
            as first_net_revenue
    from members
    group by cohort_type, cohort_no, first_channel_code
),

followed as (
    select
        cohort_type,
        cohort_no,
        first_channel_code,
        period_no,
        sum(case when is_active then 1 else 0 end) as active_customer_count,
        sum(case when is_consecutive then 1 else 0 end) as consecutive_customer_count,
        sum(net_revenue) as net_revenue
    from members
    group by cohort_type, cohort_no, first_channel_code, period_no
)

select
    {{ as_of() }} as as_of_date,
    cohorts.cohort_type,
    joined.period as cohort_period,
    cast(periods.period_no - cohorts.cohort_no as bigint) as age,
    cohorts.first_channel_code,
    '{{ var("reporting_currency") }}' as reporting_currency,
    periods.period,
    cast(cohorts.cohort_size as bigint) as cohort_size,
    cast(coalesce(followed.active_customer_count, 0) as bigint)
        as active_customer_count,
    cast(coalesce(followed.consecutive_customer_count, 0) as bigint)
        as consecutive_customer_count,
    cast(coalesce(followed.active_customer_count, 0) as decimal(18, 4))
        as retention_numerator,
    cast(cohorts.cohort_size as decimal(18, 4)) as retention_denominator,
    {{ safe_ratio(
        'coalesce(followed.active_customer_count, 0)', 'cohorts.cohort_size'
    ) }}
        as retention_ratio,
    cast(coalesce(followed.net_revenue, 0) as decimal(18, 4)) as net_revenue,
    cast(coalesce(followed.net_revenue, 0) as decimal(18, 4))
        as revenue_retention_numerator,
    cast(cohorts.first_net_revenue as decimal(18, 4)) as revenue_retention_denominator,
    {{ safe_ratio(
        'coalesce(followed.net_revenue, 0)', 'cohorts.first_net_revenue'
    ) }}
        as revenue_retention_ratio,
    periods.is_complete,
    {{ new_customer_status('joined.order_month_count') }} as cohort_status
from cohorts
inner join periods
    on
        cohorts.cohort_type = periods.cohort_type
        and cohorts.cohort_no <= periods.period_no
inner join periods as joined
    on
        cohorts.cohort_type = joined.cohort_type
        and cohorts.cohort_no = joined.period_no
left join followed
    on
        cohorts.cohort_type = followed.cohort_type
        and cohorts.cohort_no = followed.cohort_no
        and cohorts.first_channel_code = followed.first_channel_code
        and periods.period_no = followed.period_no
