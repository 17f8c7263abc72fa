{#- Grain: one version of one partner (SCD2), all sources together; rows '0' and '-1'.
    No names. A partner that is named and that no source delivers is inferred. Not
    additive: no measures. -#}

with versions as (
    select
        {{ version_key(['partner_code']) }} as partner_key,
        partner_code,
        partner_type,
        tier,
        parent_code,
        region,
        channel_code,
        status,
        joined_date,
        ended_date,
        match_from,
        valid_from,
        valid_to,
        false as is_inferred
    from {{ ref('int_partners_versioned') }}
),

inferred as (
    select distinct code
    from {{ ref('int_members_resolved') }}
    where dimension = 'partner' and is_inferred
),

members as (
    select * from versions
    union all
    select
        {{ surrogate_key(['code']) }} as partner_key,
        code as partner_code,
        {{ unknown_code() }} as partner_type,
        cast(null as string) as tier,
        cast(null as string) as parent_code,
        cast(null as string) as region,
        cast(null as string) as channel_code,
        cast(null as string) as status,
        cast(null as date) as joined_date,
        cast(null as date) as ended_date,
        {{ always() }},
        true as is_inferred
    from inferred
    {{ fixed_rows([
        'key', 'code', 'code', 'cast(null as string)', 'cast(null as string)',
        'cast(null as string)', 'cast(null as string)', 'cast(null as string)',
        'cast(null as date)', 'cast(null as date)', always(), 'false'
    ]) }}
)

select
    partner_key,
    partner_code,
    partner_type,
    tier as tier_code,
    parent_code as parent_partner_code,
    region as region_code,
    channel_code,
    status,
    joined_date,
    ended_date,
    valid_from,
    valid_to,
    valid_to = {{ last_day_of_time() }} as is_current,
    is_inferred,
    match_from
from members
