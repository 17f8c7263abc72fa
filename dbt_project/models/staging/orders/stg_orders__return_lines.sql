{#- One line of one return; quantity and amount are positive, as landed: one row per
    landed row. -#}

select
    return_id,
    line_id,
    order_id,
    order_line_id,
    return_date,
    quantity,
    net_amount,
    currency,
    reason,
    credit_note_id,
    channel_code,
    owner_rep_code,
    customer_id,
    product_id,
    line_type,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__return_lines') }}
