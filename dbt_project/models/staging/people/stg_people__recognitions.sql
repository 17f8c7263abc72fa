{#- One award to one recipient, as landed: one row per landed row. -#}

select
    award_id,
    recipient_code,
    recognition_type,
    awarded_on,
    points,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__recognitions') }}
