{#- Grain: dispute of a payee about variable pay, state at as_of. age_days: from opened
    to resolved, or to as_of. Source: people.comp_disputes. -#}

select
    {{ surrogate_key(['source_system', 'dispute_id']) }} as dispute_key,
    source_system,
    row_id,
    dispute_id,
    payee_code,
    component_code,
    order_id,
    line_id,
    currency,
    amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    {{ times('amount', 'fx_rate') }} as amount_reporting,
    business_date as opened_date,
    resolved_date,
    state,
    reason_code,
    cast(
        {{ days_between('business_date', 'coalesce(resolved_date, ' ~ as_of() ~ ')') }}
        as bigint
    ) as age_days
from {{ ref('int_comp_disputes_judged') }}
where verdict = 'accepted'
