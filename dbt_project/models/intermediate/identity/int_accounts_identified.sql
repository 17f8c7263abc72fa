{#- One account of a source -> what its newest delivered row says about who it is. The
    hashes are keyed: compare them for equality, never sort by them, release none.
    is_number_conflicting: two countries are given under the registration number, so it
    proves nothing. -#}

with ranked as (
    select
        source_system,
        account_id,
        registration_hash,
        name_hash,
        country,
        min({{ local_date('created_at') }}) over (
            partition by source_system, account_id
        ) as created_date,
        row_number() over (
            partition by source_system, account_id
            order by
                received_at desc nulls last,
                valid_from desc nulls last,
                row_id desc nulls last
        ) as newest_rank
    from {{ ref('stg_crm__accounts') }}
    where coalesce(valid_from, {{ as_of() }}) <= {{ as_of() }}
),

numbers as (
    select
        registration_hash,
        count(distinct country) > 1 as is_number_conflicting
    from ranked
    where newest_rank = 1 and registration_hash is not null
    group by registration_hash
)

select
    ranked.source_system,
    ranked.account_id,
    ranked.registration_hash,
    ranked.name_hash,
    ranked.created_date,
    coalesce(numbers.is_number_conflicting, false) as is_number_conflicting
from ranked
left join numbers on ranked.registration_hash = numbers.registration_hash
where ranked.newest_rank = 1
