{#- Grain: extract x feed x currency. What landing read and what became of it, in rows
    and in the feed's control amount; amounts of different feeds or currencies never
    add. Source: landing's own counts. -#}

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
from {{ ref('int_batches_landed') }}
