{#- Exchange rates as the carried release had them: its rows
    unchanged, none where there is no such release. -#}

select
    from_currency,
    to_currency,
    rate_date,
    rate_type,
    rate,
    row_id,
    source_system
from {{ source('parent', 'fct_fx_rate') }}
