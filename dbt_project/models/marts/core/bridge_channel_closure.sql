{#- Grain: one pair of a channel and one of its descendants, itself included (depth 0), as of today.
    Unrolled to the declared depth of four levels. Not additive: joining it repeats rows by ancestor. -#}

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
    select channel_code as ancestor_code, channel_code as descendant_code, 0 as depth
    from climbed
    union all
    select above_1, channel_code, 1
    from climbed
    where above_1 is not null
    union all
    select above_2, channel_code, 2
    from climbed
    where above_2 is not null
    union all
    select above_3, channel_code, 3
    from climbed
    where above_3 is not null
)

select
    ancestor_code,
    descendant_code,
    cast(depth as bigint) as depth
from pairs
