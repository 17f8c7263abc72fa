{#- One landed hold of an account and its verdict. The newest extract says how a hold
    stands. D04: a hold that begins before an earlier one of the same account and role
    has ended is held. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        account_id,
        role_code,
        rep_code,
        valid_from,
        valid_to,
        valid_from as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['account_id', 'role_code', 'valid_from']) }} as natural_key,
        {{ version_status(
            ['source_system', 'account_id', 'role_code', 'valid_from'], 'state'
        ) }} as version_status
    from {{ ref('stg_crm__account_owners') }}
),

followed as (
    select
        *,
        max(valid_to) over (
            partition by source_system, account_id, role_code, version_status
            order by valid_from nulls last, row_id nulls last
            rows between unbounded preceding and 1 preceding
        ) as held_until
    from landed
),

checked as (
    select
        *,
        case when valid_from < held_until then 'D04' end as held_rule,
        case
            when valid_from < held_until
                then 'begins before an earlier hold of the role has ended'
        end as held_reason
    from followed
)

select
    account_id,
    role_code,
    rep_code,
    valid_from,
    valid_to,
    {{ judged_columns('crm__account_owners') }}
from checked
