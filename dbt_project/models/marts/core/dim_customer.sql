{#- Grain: one version of one account of one source (SCD2); rows '0' and '-1'. No names.
    Count customers by master_customer_code, never by row. An account that is named and
    that no source delivers is inferred. first_order_date is that of the master
    customer. -#}

with versions as (
    select
        {{ version_key(['source_system', 'account_id']) }} as customer_key,
        account_id,
        source_system,
        segment,
        industry,
        region,
        country,
        tier,
        is_key_account,
        owner_rep_code,
        acquisition_channel_code,
        {{ local_date('created_at') }} as created_date,
        match_from,
        valid_from,
        valid_to,
        false as is_inferred,
        row_id
    from {{ ref('int_customers_versioned') }}
),

resolved as (
    select distinct
        member_source_system,
        code,
        master_code,
        is_inferred
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
),

mastered as (
    select
        source_system,
        account_id,
        master_source_system,
        match_rule
    from {{ ref('int_accounts_mastered') }}
),

first_orders as (
    select
        master_customer_code,
        min(business_date) as first_order_date
    from {{ ref('int_orders_resolved') }}
    group by master_customer_code
),

members as (
    select * from versions
    union all
    select
        {{ surrogate_key(['member_source_system', 'code']) }} as customer_key,
        code as account_id,
        member_source_system as source_system,
        cast(null as string) as segment,
        cast(null as string) as industry,
        cast(null as string) as region,
        cast(null as string) as country,
        cast(null as string) as tier,
        cast(null as boolean) as is_key_account,
        cast(null as string) as owner_rep_code,
        cast(null as string) as acquisition_channel_code,
        cast(null as date) as created_date,
        {{ always() }},
        true as is_inferred,
        cast(null as string) as row_id
    from resolved
    where is_inferred
    {{ fixed_rows([
        'key', 'code', 'code', 'cast(null as string)', 'cast(null as string)',
        'cast(null as string)', 'cast(null as string)', 'cast(null as string)',
        'cast(null as boolean)', 'cast(null as string)', 'cast(null as string)',
        'cast(null as date)', always(), 'false', 'cast(null as string)'
    ]) }}
),

today as (
    select
        source_system,
        account_id,
        customer_key
    from members
    where valid_to = {{ last_day_of_time() }}
)

select
    members.customer_key,
    members.account_id as customer_code,
    members.source_system,
    coalesce(masters.customer_key, members.customer_key) as master_customer_key,
    coalesce(resolved.master_code, members.account_id) as master_customer_code,
    members.segment as segment_code,
    members.industry as industry_code,
    members.region as region_code,
    members.country as country_code,
    members.tier as tier_code,
    members.is_key_account,
    members.owner_rep_code,
    members.acquisition_channel_code,
    members.created_date,
    first_orders.first_order_date,
    {{ match_rule_version() }} as match_rule_version,
    members.valid_from,
    members.valid_to,
    members.valid_to = {{ last_day_of_time() }} as is_current,
    members.is_inferred,
    members.match_from,
    coalesce(mastered.match_rule, 'own') as match_rule,
    members.row_id
from members
left join resolved
    on
        members.source_system = resolved.member_source_system
        and members.account_id = resolved.code
left join mastered
    on
        members.source_system = mastered.source_system
        and members.account_id = mastered.account_id
left join today as masters
    on
        mastered.master_source_system = masters.source_system
        and resolved.master_code = masters.account_id
left join first_orders
    on
        coalesce(resolved.master_code, members.account_id)
        = first_orders.master_customer_code
