{#- What a source declares about a feed it fills, as landed: one row per landed row. -#}

select
    source_system,
    feed,
    rule_id,
    expected_share,
    reason,
    declared_scale,
    rhythm,
    sla_hours
from {{ source('landing', 'ops__source_feed') }}
