{#- One line of one order, as the source signs it, as landed: one row per landed row.
    -#}

select
    order_id,
    line_id,
    line_type,
    product_id,
    quantity,
    unit_price,
    gross_amount,
    net_amount,
    discount_amount,
    unit_cost,
    currency,
    channel_code,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__order_lines') }}
