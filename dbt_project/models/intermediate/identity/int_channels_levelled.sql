{{ config(materialized='view') }}
{#- One version of a channel with its level, 1 at the top. Ancestors are those of today.
    A level of 5 means deeper than declared, or a cycle (test D06). -#}

with versions as (
    select
        channel_code,
        name,
        channel_type,
        parent_code,
        ended_on,
        version_no,
        match_from,
        valid_from,
        valid_to
    from {{ ref('int_channels_versioned') }}
),

today as (
    select
        channel_code,
        parent_code
    from versions
    where valid_to = {{ last_day_of_time() }}
)

select
    versions.channel_code,
    versions.name,
    versions.channel_type,
    versions.parent_code,
    versions.ended_on,
    versions.version_no,
    versions.match_from,
    versions.valid_from,
    versions.valid_to,
    1
    + case when versions.parent_code is not null then 1 else 0 end
    + case when above_1.parent_code is not null then 1 else 0 end
    + case when above_2.parent_code is not null then 1 else 0 end
    + case when above_3.parent_code is not null then 1 else 0 end as level_no
from versions
left join today as above_1 on versions.parent_code = above_1.channel_code
left join today as above_2 on above_1.parent_code = above_2.channel_code
left join today as above_3 on above_2.parent_code = above_3.channel_code
