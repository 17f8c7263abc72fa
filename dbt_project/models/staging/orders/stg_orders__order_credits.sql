{#- One payee's share of one order or order line, as landed: one row per landed row. -#}

select
    order_id,
    line_id,
    credit_type,
    payee_code,
    share,
    edited_at,
    reason_code,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__order_credits') }}
