{#- Grain: one version of one team (SCD2), all sources together; rows '0' and '-1'. A
    team that a rep names and that no source delivers is inferred. Not additive: no
    measures. -#}

with versions as (
    select
        {{ version_key(['team_code']) }} as team_key,
        team_code,
        name,
        parent_code,
        manager_code,
        match_from,
        valid_from,
        valid_to,
        false as is_inferred
    from {{ ref('int_teams_versioned') }}
),

inferred as (
    select distinct code
    from {{ ref('int_members_resolved') }}
    where dimension = 'team' and is_inferred
),

members as (
    select * from versions
    union all
    select
        {{ surrogate_key(['code']) }} as team_key,
        code as team_code,
        code as name,
        cast(null as string) as parent_code,
        cast(null as string) as manager_code,
        {{ always() }},
        true as is_inferred
    from inferred
    {{ fixed_rows([
        'key', 'code', 'code', 'cast(null as string)', 'cast(null as string)', always(), 'false'
    ]) }}
)

select
    team_key,
    team_code,
    name as team_name,
    parent_code as parent_team_code,
    manager_code,
    valid_from,
    valid_to,
    valid_to = {{ last_day_of_time() }} as is_current,
    is_inferred,
    match_from
from members
