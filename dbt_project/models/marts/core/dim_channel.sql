{#- Grain: one version of one channel (SCD2), all sources together; rows '0' and '-1'. A
    channel that is named and that no source delivers is inferred. Not additive: no
    measures. -#}

with versions as (
    select
        {{ version_key(['channel_code']) }} as channel_key,
        channel_code,
        name,
        channel_type,
        parent_code,
        level_no,
        match_from,
        valid_from,
        valid_to,
        ended_on,
        false as is_inferred
    from {{ ref('int_channels_levelled') }}
),

inferred as (
    select distinct code
    from {{ ref('int_members_resolved') }}
    where dimension = 'channel' and is_inferred
),

members as (
    select * from versions
    union all
    select
        {{ surrogate_key(['code']) }} as channel_key,
        code as channel_code,
        code as name,
        {{ unknown_code() }} as channel_type,
        cast(null as string) as parent_code,
        1 as level_no,
        {{ always() }},
        cast(null as date) as ended_on,
        true as is_inferred
    from inferred
    {{ fixed_rows([
        'key', 'code', 'code', 'code', 'cast(null as string)', '1', always(),
        'cast(null as date)', 'false'
    ]) }}
),

parents as (
    select distinct parent_code
    from versions
    where valid_to = {{ last_day_of_time() }} and parent_code is not null
)

select
    members.channel_key,
    members.channel_code,
    members.name as channel_name,
    members.channel_type,
    members.parent_code as parent_channel_code,
    cast(members.level_no as bigint) as channel_level,
    parents.parent_code is null as is_leaf,
    members.valid_from,
    members.valid_to,
    members.valid_to = {{ last_day_of_time() }} as is_current,
    members.is_inferred,
    members.match_from,
    members.ended_on
from members
left join parents on members.channel_code = parents.parent_code
