{#- One landed need of a customer or a segment and its verdict. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        need_id,
        customer_id,
        segment,
        need_code,
        product_family_code,
        {{ local_date('recorded_at') }} as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['need_id']) }} as natural_key,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(['source_system', 'need_id'], 'event') }} as version_status
    from {{ ref('stg_market__customer_needs') }}
)

select
    need_id,
    customer_id,
    segment,
    need_code,
    product_family_code,
    business_date,
    {{ judged_columns('market__customer_needs') }}
from landed
