{#- One rep's hold of one account of one source in one role, half-open. Delivered holds;
    one without an end lasts to the next of its account and role. A source that
    delivers none at all: its accounts' owners by version, as role `owner`
    (is_derived), neighbours with one owner as one. match_from: first day on which the
    hold is found, as for any version. -#}

with delivered as (
    select
        source_system,
        account_id,
        role_code,
        rep_code,
        valid_from,
        valid_from as match_from,
        coalesce(
            valid_to,
            lead(valid_from) over (
                partition by source_system, account_id, role_code
                order by valid_from nulls last
            ),
            {{ last_day_of_time() }}
        ) as valid_to,
        row_id,
        false as is_derived
    from {{ ref('int_account_owners_judged') }}
    where verdict = 'accepted'
),

sources as (
    select distinct source_system from {{ ref('int_account_owners_judged') }}
),

dated as (
    select
        held.source_system,
        held.account_id,
        held.owner_rep_code,
        held.match_from,
        held.valid_from,
        held.valid_to,
        lag(held.owner_rep_code) over (
            partition by held.source_system, held.account_id
            order by held.valid_from nulls last
        ) as prior_owner
    from {{ ref('int_customers_versioned') }} as held
    left join sources on held.source_system = sources.source_system
    where sources.source_system is null
),

numbered as (
    select
        source_system,
        account_id,
        owner_rep_code,
        match_from,
        valid_from,
        valid_to,
        sum(case when owner_rep_code = prior_owner then 0 else 1 end) over (
            partition by source_system, account_id
            order by valid_from nulls last
            rows between unbounded preceding and current row
        ) as hold_no
    from dated
)

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
from delivered
union all
select
    source_system,
    account_id,
    'owner' as role_code,
    owner_rep_code as rep_code,
    min(valid_from) as valid_from,
    min(match_from) as match_from,
    max(valid_to) as valid_to,
    cast(null as string) as row_id,
    true as is_derived
from numbered
where owner_rep_code is not null
group by source_system, account_id, owner_rep_code, hold_no
