{#- One landed market size and its verdict, with the days of its period (calendar year,
    quarter or month). Rate: the average of the spot rates published for the period's
    days, to 8 decimals. Held: none is known (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        segment,
        region,
        period,
        version,
        amount,
        currency,
        basis,
        addressable_count,
        channel_code,
        confidence,
        source_name,
        estimate_date,
        case
            when length(period) = 4 then 'year'
            when substr(period, 6, 1) = 'Q' then 'quarter'
            else 'month'
        end as period_type,
        cast(
            case
                when length(period) = 4 then period || '-01-01'
                when substr(period, 6, 1) = 'Q'
                    then
                        substr(period, 1, 5)
                        || right(
                            '0'
                            || cast(
                                cast(substr(period, 7, 1) as int) * 3 - 2 as string
                            ),
                            2
                        )
                        || '-01'
                else period || '-01'
            end as date
        ) as period_start_date,
        {{ natural_key(['segment', 'region', 'period', 'version', 'channel_code']) }}
            as natural_key,
        {{ version_status(
            ['source_system', 'segment', 'region', 'period', 'version', 'channel_code'],
            'event'
        ) }} as version_status
    from {{ ref('stg_market__market_sizes') }}
),

bounded as (
    select
        source_system,
        row_id,
        extract_id,
        segment,
        region,
        period,
        version,
        amount,
        currency,
        basis,
        addressable_count,
        channel_code,
        confidence,
        source_name,
        estimate_date,
        period_type,
        period_start_date,
        natural_key,
        version_status,
        {{ add_days(add_months(
            'period_start_date',
            "case period_type when 'year' then 12 when 'quarter' then 3 else 1 end"
        ), -1) }} as period_end_date,
        row_number() over (
            partition by source_system, segment, region, period, channel_code
            order by
                version_status desc nulls last,
                estimate_date desc nulls last,
                version desc nulls last,
                row_id asc nulls last
        ) as newest_rank
    from landed
),

averages as (
    select
        bounded.row_id,
        cast({{ rounded_div(
            'sum(' ~ rate_units('rates.rate') ~ ')', 'count(*)'
        ) }} as decimal(18, 0)) * cast(0.00000001 as decimal(9, 8)) as rate
    from bounded
    inner join {{ ref('int_fx_rates_daily') }} as rates
        on
            bounded.currency = rates.from_currency
            and bounded.period_start_date <= rates.rate_date
            and bounded.period_end_date >= rates.rate_date
            and rates.rate_date <= {{ as_of() }}
            and rates.age_days = 0
    group by bounded.row_id
),

rated as (
    select
        bounded.source_system,
        bounded.row_id,
        bounded.extract_id,
        bounded.segment,
        bounded.region,
        bounded.period,
        bounded.version,
        bounded.amount,
        bounded.currency,
        bounded.basis,
        bounded.addressable_count,
        bounded.channel_code,
        bounded.confidence,
        bounded.source_name,
        bounded.estimate_date,
        bounded.period_type,
        bounded.period_start_date,
        bounded.natural_key,
        bounded.version_status,
        bounded.period_end_date,
        bounded.newest_rank,
        coalesce(bounded.estimate_date, bounded.period_start_date) as business_date,
        case
            when
                bounded.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else cast(averages.rate as decimal(18, 8))
        end as fx_rate
    from bounded
    left join averages on bounded.row_id = averages.row_id
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        segment,
        region,
        period,
        version,
        amount,
        currency,
        basis,
        addressable_count,
        channel_code,
        confidence,
        source_name,
        estimate_date,
        period_type,
        period_start_date,
        natural_key,
        version_status,
        period_end_date,
        newest_rank,
        business_date,
        fx_rate,
        case when fx_rate is null then 'S17' end as held_rule,
        case
            when fx_rate is null then 'no rate for ' || currency || ' in ' || period
        end
            as held_reason
    from rated
)

select
    segment,
    region,
    period,
    version,
    newest_rank = 1 as is_latest_version,
    period_type,
    period_start_date,
    period_end_date,
    basis,
    addressable_count,
    channel_code,
    confidence,
    source_name,
    estimate_date,
    fx_rate,
    {{ judged_columns('market__market_sizes') }}
from ruled
