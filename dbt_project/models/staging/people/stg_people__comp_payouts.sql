{#- One payment of variable pay to one payee, as landed: one row per landed row. -#}

select
    payout_id,
    payee_code,
    plan_code,
    component_code,
    period,
    amount,
    currency,
    paid_at,
    state,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__comp_payouts') }}
