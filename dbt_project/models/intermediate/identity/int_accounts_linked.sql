{#- One account id in one group of ids that are one customer: the accounts of a source
    that end at one account by merges, or those under one registration number. An id
    that two sources use is one id. -#}

with merged as (
    select
        account_id,
        root_account_id
    from {{ ref('int_accounts_merged') }}
)

select
    'merge|' || root_account_id as group_key,
    account_id
from merged
union distinct
select
    'merge|' || root_account_id as group_key,
    root_account_id as account_id
from merged
union distinct
select
    'number|' || registration_hash as group_key,
    account_id
from {{ ref('int_accounts_identified') }}
where registration_hash is not null and not is_number_conflicting
