{#- Grain: one rep's hold of one account of one source in one role, [valid_from,
    valid_to); holds of a role never overlap. Merged accounts may each have an owner: a
    customer's owner is that of the master's own account, where that has none that of a
    merged one. Count customers by master_customer_code. Rep and team are those of the
    first day. Source: crm.account_owners, else the owners of crm.accounts (is_derived).
-#}

with holds as (
    select
        source_system,
        account_id,
        role_code,
        rep_code,
        valid_from,
        match_from,
        valid_to,
        row_id,
        is_derived
    from {{ ref('int_customer_owners_dated') }}
),

accounts as (
    select
        source_system,
        code,
        member_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
)

select
    {{ surrogate_key([
        'holds.source_system', 'holds.account_id', 'holds.role_code', 'holds.match_from'
    ]) }} as ownership_key,
    holds.source_system,
    holds.account_id as customer_code,
    coalesce(accounts.master_code, holds.account_id) as master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    holds.role_code,
    holds.rep_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(
        reps.team_code,
        case
            when holds.rep_code is null then {{ none_code() }} else {{ unknown_code() }}
        end
    ) as team_code,
    holds.valid_from,
    holds.valid_to,
    holds.match_from <= {{ as_of() }}
    and holds.valid_to > {{ as_of() }} as is_current,
    holds.row_id,
    holds.match_from,
    holds.is_derived
from holds
left join accounts
    on
        holds.source_system = accounts.source_system
        and holds.account_id = accounts.code
left join {{ ref('dim_customer') }} as customers
    on
        accounts.member_source_system = customers.source_system
        and accounts.code = customers.customer_code
        and {{ version_on('customers', 'holds.match_from') }}
left join {{ ref('dim_sales_rep') }} as reps
    on
        holds.rep_code = reps.rep_code
        and {{ version_on('reps', 'holds.match_from') }}
