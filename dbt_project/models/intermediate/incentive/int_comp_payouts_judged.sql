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

ruled as (
    {{ at_plan_rate(
        'landed', fiscal_year('landed.business_date'),
        'cast(rated.business_date as string)'
    ) | indent(4) }}
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
