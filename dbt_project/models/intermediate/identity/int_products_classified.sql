{{ config(materialized='view') }}
{#- One version of a product of one source with its category levels and family. Family:
    the declared one, else level 2 of the category path, else the product itself. -#}

with versions as (
    select
        source_system,
        product_id,
        version_no,
        match_from,
        valid_from,
        valid_to,
        nullif(split_part(category_path, ' > ', 1), '') as category_1,
        nullif(split_part(category_path, ' > ', 2), '') as category_2,
        nullif(split_part(category_path, ' > ', 3), '') as category_3,
        product_family_code,
        catalogue_price,
        unit_cost,
        currency,
        launch_date
    from {{ ref('int_products_versioned') }}
)

select
    source_system,
    product_id,
    version_no,
    match_from,
    valid_from,
    valid_to,
    category_1,
    category_2,
    category_3,
    coalesce(product_family_code, category_2, product_id) as product_family_code,
    catalogue_price,
    unit_cost,
    currency,
    launch_date
from versions
