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

known as (
    select
        *,
        case
            when latest_resolved_date <= {{ as_of() }} then latest_resolved_date
        end as resolved_date,
        case
            when latest_resolved_date > {{ as_of() }} then 'open'
            else latest_state
        end as state
    from landed
),

ruled as (
    {{ at_plan_rate(
        'known', fiscal_year('known.business_date'),
        'cast(rated.business_date as string)'
    ) | indent(4) }}
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
