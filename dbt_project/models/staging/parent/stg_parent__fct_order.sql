{#- Orders as the carried release had them: its rows
    unchanged, none where there is no such release. -#}

select
    order_key,
    source_system,
    order_id,
    row_id
from {{ source('parent', 'fct_order') }}
