{#- Grain: one assignment of a territory to a rep, half-open. Not additive: no measures.
    -#}

select
    territory_code,
    rep_code,
    valid_from,
    valid_to
from {{ ref('int_territories_assigned') }}
