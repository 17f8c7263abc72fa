{#- One landed dispute about variable pay and its verdict, on the day it was opened,
    with the plan rate of that fiscal year. One resolved after as_of is open. Held: no
    rate (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        dispute_id,
        payee_code,
        component_code,
        order_id,
        line_id,
        reason_code,
        state as latest_state,
        {{ local_date('opened_at') }} as business_date,
        {{ local_date('resolved_at') }} as latest_resolved_date,
        amount,
        currency,
        {{ natural_key(['dispute_id']) }} as natural_key,
        {{ version_status(['source_system', 'dispute_id'], 'state') }} as version_status
    from {{ ref('stg_people__comp_disputes') }}
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
            when landed.latest_resolved_date <= {{ as_of() }}
                then landed.latest_resolved_date
        end as resolved_date,
        case
            when landed.latest_resolved_date > {{ as_of() }} then 'open'
            else landed.latest_state
        end as state,
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
    dispute_id,
    payee_code,
    component_code,
    order_id,
    line_id,
    reason_code,
    state,
    resolved_date,
    business_date,
    fx_rate,
    {{ judged_columns('people__comp_disputes') }}
from ruled
