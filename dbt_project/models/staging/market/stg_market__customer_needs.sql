{#- One need that a customer or segment was recorded to have, as landed: one row per
    landed row. -#}

select
    need_id,
    customer_id,
    segment,
    need_code,
    product_family_code,
    recorded_at,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'market__customer_needs') }}
