{#- One landed payout and its verdict, on the day it was paid, with the plan rate of
    that fiscal year. Held: no rate (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        payout_id,
        payee_code,
        coalesce(plan_code, {{ none_code() }}) as plan_code,
        coalesce(component_code, {{ none_code() }}) as component_code,
        period,
        coalesce(state, 'paid') as state,
        {{ local_date('paid_at') }} as business_date,
        amount,
        currency,
        {{ natural_key(['payout_id']) }} as natural_key,
        {{ version_status(['source_system', 'payout_id'], 'event') }} as version_status
    from {{ ref('stg_people__comp_payouts') }}
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
            and {{ fiscal_year('landed.business_date') }} = plan_rates.fiscal_year
),

ruled as (
    select
        *,
        case when fx_rate is null then 'S17' end as held_rule,
        case
            when fx_rate is null
                then
                    'no plan or spot rate for ' || currency || ' in the year of '
                    || cast(business_date as string)
        end as held_reason
    from rated
)

select
    payout_id,
    payee_code,
    plan_code,
    component_code,
    period,
    state,
    business_date,
    fx_rate,
    {{ judged_columns('people__comp_payouts') }}
from ruled
