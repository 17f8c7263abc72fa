{#- Grain: one pair of a channel and one of its descendants, itself included (depth 0),
    as of today. Unrolled to the declared depth of four levels. Not additive: joining it
    repeats rows by ancestor. -#}

with channels as (
    select
        channel_code,
        parent_channel_code
    from {{ ref('dim_channel') }}
    where is_current
),

climbed as (
    select
        channels.channel_code,
        channels.parent_channel_code as above_1,
        parents.parent_channel_code as above_2,
        grandparents.parent_channel_code as above_3
    from channels
    left join channels as parents on channels.parent_channel_code = parents.channel_code
    left join channels as grandparents
        on parents.parent_channel_code = grandparents.channel_code
),

pairs as (
    select
        channel_code as ancestor_code,
        channel_code as descendant_code,
        0 as levels_between
    from climbed
    {%- for level in [1, 2, 3] %}
        union all
        select
            above_{{ level }} as ancestor_code,
            channel_code as descendant_code,
            {{ level }} as levels_between
        from climbed
        where above_{{ level }} is not null
    {%- endfor %}
)

select
    ancestor_code,
    descendant_code,
    cast(levels_between as bigint) as depth
from pairs
