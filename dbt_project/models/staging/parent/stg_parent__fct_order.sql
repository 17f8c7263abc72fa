{#- Orders as the carried release had them: its rows
    unchanged, none where there is no such release. -#}

select
    order_key,
    source_system,
    order_id,
    row_id,
    business_date,
    customer_code,
    master_customer_code,
    is_counted
from {{ source('parent', 'fct_order') }}
