{{ config(meta={'rule': 'D06'}) }}
{#- At most four levels (a cycle is deeper), a child has its parent's type, a delivered
    leaf is typed. -#}

select
    children.channel_code as failing_key,
    children.channel_level,
    children.channel_type,
    parents.channel_type as parent_type
from {{ ref('dim_channel') }} as children
left join {{ ref('dim_channel') }} as parents
    on
        children.parent_channel_code = parents.channel_code
        and parents.is_current
where
    children.is_current
    and (
        children.channel_level > 4
        or children.channel_type <> parents.channel_type
        or (
            children.channel_type not in ('direct', 'agent', 'distributor', 'ecommerce')
            and not children.is_inferred
            and children.channel_key not in ('0', '-1')
        )
    )
