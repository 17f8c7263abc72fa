{{ config(meta={'rule': 'D01'}) }}
{#- One row per account, merges end within four hops, and at an account that is not
    merged itself. -#}

with mastered as (
    select
        source_system,
        account_id,
        master_source_system,
        master_account_id,
        is_too_deep,
        count(*) over (partition by source_system, account_id) as row_count
    from {{ ref('int_accounts_mastered') }}
)

select
    mastered.source_system || '|' || mastered.account_id as failing_key,
    mastered.master_account_id
from mastered
left join {{ ref('int_accounts_mastered') }} as masters
    on
        mastered.master_source_system = masters.source_system
        and mastered.master_account_id = masters.account_id
where
    mastered.row_count > 1
    or mastered.is_too_deep
    or masters.merged_into_id is not null
