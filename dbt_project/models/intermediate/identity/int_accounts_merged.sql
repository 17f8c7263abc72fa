{#- One account of a source -> the account at the end of its merges, at most four hops
    away. The newest version says into which account it was merged; test D01 fails on a
    cycle or a fifth hop. -#}

with newest as (
    select
        source_system,
        account_id,
        merged_into_id
    from {{ ref('int_customers_versioned') }}
    where valid_to = {{ last_day_of_time() }}
)

select
    newest.source_system,
    newest.account_id,
    newest.merged_into_id,
    coalesce(
        hop_3.merged_into_id,
        hop_2.merged_into_id,
        hop_1.merged_into_id,
        newest.merged_into_id,
        newest.account_id
    ) as root_account_id,
    hop_4.merged_into_id is not null as is_too_deep
from newest
left join newest as hop_1
    on
        newest.source_system = hop_1.source_system
        and newest.merged_into_id = hop_1.account_id
left join newest as hop_2
    on
        hop_1.source_system = hop_2.source_system
        and hop_1.merged_into_id = hop_2.account_id
left join newest as hop_3
    on
        hop_2.source_system = hop_3.source_system
        and hop_2.merged_into_id = hop_3.account_id
left join newest as hop_4
    on
        hop_3.source_system = hop_4.source_system
        and hop_3.merged_into_id = hop_4.account_id
