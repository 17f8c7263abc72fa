{#- One dispute of a payee about variable pay, in its latest state, as landed: one row
    per landed row. -#}

select
    dispute_id,
    payee_code,
    component_code,
    order_id,
    line_id,
    amount,
    currency,
    opened_at,
    resolved_at,
    state,
    reason_code,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__comp_disputes') }}
