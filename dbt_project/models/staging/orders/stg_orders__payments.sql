{#- One payment on an order or invoice, as landed: one row per landed row. -#}

select
    payment_id,
    order_id,
    invoice_id,
    paid_at,
    amount,
    currency,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__payments') }}
