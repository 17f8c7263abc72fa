{#- Grain: one version of one product of one source (SCD2); rows '0' and '-1'. A product
    that a line names and that no source delivers is inferred. Not additive: prices and
    costs are per unit. -#}

with versions as (
    select
        {{ version_key(['source_system', 'product_id']) }} as product_key,
        product_id,
        source_system,
        product_family_code,
        category_1,
        category_2,
        category_3,
        catalogue_price,
        unit_cost,
        currency,
        launch_date,
        match_from,
        valid_from,
        valid_to,
        false as is_inferred
    from {{ ref('int_products_classified') }}
),

inferred as (
    select distinct
        member_source_system,
        code
    from {{ ref('int_members_resolved') }}
    where dimension = 'product' and is_inferred
),

members as (
    select * from versions
    union all
    select
        {{ surrogate_key(['member_source_system', 'code']) }} as product_key,
        code as product_id,
        member_source_system as source_system,
        code as product_family_code,
        cast(null as string) as category_1,
        cast(null as string) as category_2,
        cast(null as string) as category_3,
        cast(null as decimal(18, 4)) as catalogue_price,
        cast(null as decimal(18, 4)) as unit_cost,
        cast(null as string) as currency,
        cast(null as date) as launch_date,
        {{ always() }},
        true as is_inferred
    from inferred
    {{ fixed_rows([
        'key', 'code', 'code', 'code', 'cast(null as string)', 'cast(null as string)',
        'cast(null as string)', 'cast(null as decimal(18, 4))', 'cast(null as decimal(18, 4))',
        'cast(null as string)', 'cast(null as date)', always(), 'false'
    ]) }}
)

select
    product_key,
    product_id,
    source_system,
    product_family_code,
    category_1,
    category_2,
    category_3,
    catalogue_price,
    unit_cost,
    currency,
    launch_date,
    valid_from,
    valid_to,
    valid_to = {{ last_day_of_time() }} as is_current,
    is_inferred,
    match_from
from members
