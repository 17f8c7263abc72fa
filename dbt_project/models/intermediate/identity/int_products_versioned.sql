{{ config(materialized='view') }}
{#- One version of a product of one source; macro scd2_versions says how versions come
    about. -#}

{{ scd2_versions(
    ref('stg_orders__products'),
    ['source_system', 'product_id'],
    [
        'name', 'category_path', 'product_family_code',
        'catalogue_price', 'unit_cost', 'currency',
        'launch_date'
    ]
) }}
