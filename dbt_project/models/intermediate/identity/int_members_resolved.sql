{#- One member as a source names it -> the member of the dimension that it means.
    Customers and products are looked up in the naming source first, then in any source
    (the first by name); channels, reps, teams and partners have one code everywhere.
    Who is found nowhere is inferred. master_code: for customers the account at the end
    of the merges, of master_source_system, else the member itself. -#}

with referenced as (
    select distinct
        dimension,
        source_system,
        code
    from {{ ref('int_members_referenced') }}
),

delivered as (
    select
        dimension,
        source_system,
        code
    from {{ ref('int_members_delivered') }}
),

masters as (
    select
        'customer' as dimension,
        source_system,
        account_id,
        master_source_system,
        master_account_id
    from {{ ref('int_accounts_mastered') }}
),

named as (
    select
        dimension,
        source_system,
        code
    from referenced
    union distinct
    select
        dimension,
        source_system,
        code
    from delivered
),

anywhere as (
    select
        dimension,
        code,
        min(source_system) as first_source_system
    from delivered
    group by dimension, code
),

found as (
    select
        named.dimension,
        named.source_system,
        named.code,
        coalesce(
            own.source_system, anywhere.first_source_system, named.source_system
        ) as member_source_system,
        own.code is null and anywhere.code is null as is_inferred
    from named
    left join delivered as own
        on
            named.dimension = own.dimension
            and named.source_system = own.source_system
            and named.code = own.code
    left join anywhere
        on named.dimension = anywhere.dimension and named.code = anywhere.code
)

select
    found.dimension,
    found.source_system,
    found.code,
    found.member_source_system,
    found.is_inferred,
    coalesce(masters.master_source_system, found.member_source_system)
        as master_source_system,
    coalesce(masters.master_account_id, found.code) as master_code
from found
left join masters
    on
        found.dimension = masters.dimension
        and found.member_source_system = masters.source_system
        and found.code = masters.account_id
