{#- One landed forecast and its verdict. Plan rate of the fiscal year of its period
    (E4); none known: held (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        owner_type,
        owner_code,
        period,
        submitted_at,
        category,
        amount,
        currency,
        {{ local_date('submitted_at') }} as business_date,
        try_cast(substr(period, 1, 4) as bigint) as fiscal_year,
        {{ natural_key(
            ['owner_type', 'owner_code', 'period', 'submitted_at', 'category']
        ) }} as natural_key,
        {{ version_status(
            [
                'source_system', 'owner_type', 'owner_code', 'period', 'submitted_at',
                'category'
            ],
            'event'
        ) }} as version_status
    from {{ ref('stg_crm__forecasts') }}
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_fx_rates_planned') }}
),

rated as (
    select
        landed.*,
        case
            when landed.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else plan_rates.rate
        end as fx_rate
    from landed
    left join plan_rates
        on
            landed.currency = plan_rates.from_currency
            and landed.fiscal_year = plan_rates.fiscal_year
),

ruled as (
    select
        rated.*,
        case when rated.fx_rate is null then 'S17' end as held_rule,
        case
            when rated.fx_rate is null
                then
                    'no plan or spot rate for ' || rated.currency || ' in the year of '
                    || rated.period
        end as held_reason
    from rated
)

select
    owner_type,
    owner_code,
    period,
    submitted_at,
    business_date as submitted_date,
    category,
    fx_rate,
    {{ judged_columns('crm__forecasts') }}
from ruled
