{#- One landed channel cost and its verdict. Rate: the last one of its month. Held: none
    known (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        channel_code,
        pool_code,
        cost_type,
        period as fiscal_month,
        coalesce(is_shared, channel_code is null) as is_shared,
        amount,
        currency,
        {{ natural_key(['channel_code', 'pool_code', 'cost_type', 'period']) }}
            as natural_key,
        {{ version_status(
            ['source_system', 'channel_code', 'pool_code', 'cost_type', 'period'],
            'event'
        ) }} as version_status
    from {{ ref('stg_channel__channel_costs') }}
),

rates as (
    select
        from_currency,
        fiscal_month,
        rate
    from {{ ref('int_fx_rates_monthly') }}
),

rated as (
    select
        landed.source_system,
        landed.row_id,
        landed.extract_id,
        landed.channel_code,
        landed.pool_code,
        landed.cost_type,
        landed.fiscal_month,
        landed.is_shared,
        landed.amount,
        landed.currency,
        landed.natural_key,
        landed.version_status,
        {{ add_months(
            "cast(landed.fiscal_month || '-01' as date)",
            var('fiscal_year_start_month') | int - 1
        ) }} as business_date,
        case
            when landed.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as fx_rate
    from landed
    left join rates
        on
            landed.currency = rates.from_currency
            and landed.fiscal_month = rates.fiscal_month
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        channel_code,
        pool_code,
        cost_type,
        fiscal_month,
        is_shared,
        amount,
        currency,
        natural_key,
        version_status,
        business_date,
        fx_rate,
        case when fx_rate is null then 'S17' end as held_rule,
        case
            when
                fx_rate is null
                then 'no rate for ' || currency || ' in ' || fiscal_month
        end as held_reason
    from rated
)

select
    channel_code,
    pool_code,
    cost_type,
    fiscal_month,
    is_shared,
    fx_rate,
    {{ judged_columns('channel__channel_costs') }}
from ruled
