{#- Grain: one version of one rep (SCD2), all sources together; rows '0' and '-1'. No
    names. A rep who is named and whom no source delivers is inferred. Not additive: no
    measures. -#}

with versions as (
    select
        {{ version_key(['rep_code']) }} as rep_key,
        rep_code,
        role_code,
        team_code,
        manager_code,
        hire_date,
        exit_date,
        ramp_profile,
        plan_code,
        commission_rate,
        match_from,
        valid_from,
        valid_to,
        false as is_inferred,
        version_hash as row_hash,
        row_id
    from {{ ref('int_reps_versioned') }}
),

inferred as (
    select distinct code
    from {{ ref('int_members_resolved') }}
    where dimension = 'rep' and is_inferred
),

members as (
    select * from versions
    union all
    select
        {{ surrogate_key(['code']) }} as rep_key,
        code as rep_code,
        {{ unknown_code() }} as role_code,
        {{ unknown_code() }} as team_code,
        cast(null as string) as manager_code,
        cast(null as date) as hire_date,
        cast(null as date) as exit_date,
        cast(null as string) as ramp_profile,
        cast(null as string) as plan_code,
        cast(null as decimal(18, 8)) as commission_rate,
        {{ always() }},
        true as is_inferred,
        {{ surrogate_key(['code']) }} as row_hash,
        cast(null as string) as row_id
    from inferred
    {{ fixed_rows([
        'key', 'code', 'code', 'code', 'cast(null as string)', 'cast(null as date)',
        'cast(null as date)', 'cast(null as string)', 'cast(null as string)',
        'cast(null as decimal(18, 8))', always(), 'false', 'key',
        'cast(null as string)'
    ]) }}
)

select
    rep_key,
    rep_code,
    role_code,
    team_code,
    manager_code,
    hire_date,
    exit_date,
    ramp_profile,
    plan_code,
    commission_rate,
    valid_from,
    valid_to,
    valid_to = {{ last_day_of_time() }} as is_current,
    is_inferred,
    row_hash,
    match_from,
    row_id
from members
