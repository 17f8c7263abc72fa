{#- One version of a sales channel, as landed: one row per landed row. -#}

select
    channel_code,
    name,
    channel_type,
    parent_code,
    valid_from,
    ended_on,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'channel__channels') }}
