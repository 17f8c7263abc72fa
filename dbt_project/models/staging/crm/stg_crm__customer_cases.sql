{#- One case of customer service in its latest state, as landed: one row per landed
    row. -#}

select
    case_id,
    account_id,
    case_type,
    severity,
    rep_code,
    order_id,
    opened_at,
    reply_due_at,
    first_reply_at,
    closed_at,
    reopened_count,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__customer_cases') }}
