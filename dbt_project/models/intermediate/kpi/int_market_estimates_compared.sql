{#- Grain: segment x region x market period x estimate version. Size (the row without
    channel, else the sum over channels) and that of the period before: of the same
    version, else of its newest one. -#}
with sizes as (
    select
        segment_code,
        region_code,
        market_period,
        version as estimate_version,
        channel_code,
        is_latest_version,
        period_type,
        period_start_date,
        period_end_date,
        basis_code,
        confidence_code,
        source_name,
        estimate_date,
        amount_reporting,
        addressable_count,
        count(case when channel_code is null then 1 end) over (
            partition by segment_code, region_code, market_period, version
        ) as whole_count
    from {{ ref('fct_market_size') }}
),

estimates as (
    select
        segment_code,
        region_code,
        market_period,
        estimate_version,
        is_latest_version,
        period_type,
        period_start_date,
        period_end_date,
        min(basis_code) as basis_code,
        min(confidence_code) as confidence_code,
        min(source_name) as source_name,
        max(estimate_date) as estimate_date,
        sum(amount_reporting) as market_size_amount,
        sum(addressable_count) as addressable_customer_count
    from sizes
    where whole_count = 0 or channel_code is null
    group by
        segment_code,
        region_code,
        market_period,
        estimate_version,
        is_latest_version,
        period_type,
        period_start_date,
        period_end_date
)

select
    estimates.*,
    coalesce(same_version.period_start_date, newest_version.period_start_date)
        as prior_period_start_date,
    coalesce(same_version.period_end_date, newest_version.period_end_date)
        as prior_period_end_date,
    coalesce(same_version.market_size_amount, newest_version.market_size_amount)
        as prior_period_market_size_amount
from estimates
left join estimates as same_version
    on
        estimates.segment_code = same_version.segment_code
        and estimates.region_code = same_version.region_code
        and estimates.period_type = same_version.period_type
        and estimates.estimate_version = same_version.estimate_version
        and {{ add_days('estimates.period_start_date', -1) }}
        = same_version.period_end_date
left join estimates as newest_version
    on
        newest_version.is_latest_version
        and estimates.segment_code = newest_version.segment_code
        and estimates.region_code = newest_version.region_code
        and estimates.period_type = newest_version.period_type
        and {{ add_days('estimates.period_start_date', -1) }}
        = newest_version.period_end_date
