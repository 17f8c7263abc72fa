{#- One extract, feed and currency: what was read and what became of it, as landed: one
    row per landed row. -#}

select
    source_system,
    extract_id,
    feed,
    currency,
    rows_read,
    rows_accepted,
    rows_quarantined,
    rows_duplicate,
    rows_rejected,
    amount_read,
    amount_accepted,
    amount_quarantined,
    amount_duplicate,
    amount_rejected,
    rows_unreadable_amount,
    sha256,
    received_at
from {{ source('landing', 'ops__batch') }}
