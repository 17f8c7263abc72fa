{#- One row that landing set aside, as landed: one row per landed row. -#}

select
    source_system,
    extract_id,
    feed,
    rule_id,
    reason,
    file_name,
    line_no,
    raw_hash,
    row_id,
    amount,
    currency,
    kind,
    natural_key
from {{ source('landing', 'ops__quarantine_row') }}
