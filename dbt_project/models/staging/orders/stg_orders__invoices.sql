{#- One invoice on one order, as landed: one row per landed row. -#}

select
    invoice_id,
    order_id,
    invoiced_at,
    due_date,
    amount,
    currency,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__invoices') }}
