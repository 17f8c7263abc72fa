{#- One version of a product, as landed: one row per landed row. -#}

select
    product_id,
    name,
    category_path,
    product_family_code,
    catalogue_price,
    unit_cost,
    currency,
    launch_date,
    valid_from,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'orders__products') }}
