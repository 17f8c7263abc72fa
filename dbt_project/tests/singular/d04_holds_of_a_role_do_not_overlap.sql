{{ config(meta={'rule': 'D04'}) }}
{#- No two holds of one account and role share a day. -#}

with followed as (
    select
        ownership_key,
        source_system || '|' || customer_code || '|' || role_code as failing_key,
        valid_from,
        valid_to,
        lead(valid_from) over (
            partition by source_system, customer_code, role_code
            order by valid_from nulls last, ownership_key nulls last
        ) as next_from
    from {{ ref('fct_customer_ownership') }}
)

select
    failing_key,
    valid_to,
    next_from
from followed
where next_from < valid_to
