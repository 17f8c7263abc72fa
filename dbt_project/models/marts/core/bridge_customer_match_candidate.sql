{#- Grain: pair of accounts that may be one customer and that no rule joins; merged
    nowhere, listed for a person to decide. Not additive: of n records alike each is
    paired with the first by id alone. Rule: D01, match rules of int_accounts_mastered;
    owner customer_success. Source: crm.accounts, by keyed hashes that are not
    released. -#}

with accounts as (
    select
        known.source_system,
        known.account_id,
        known.registration_hash,
        known.name_hash,
        known.is_number_conflicting,
        mastered.master_account_id
    from {{ ref('int_accounts_identified') }} as known
    inner join {{ ref('int_accounts_mastered') }} as mastered
        on
            known.source_system = mastered.source_system
            and known.account_id = mastered.account_id
),

named as (
    select
        source_system,
        account_id,
        registration_hash,
        master_account_id,
        name_hash as group_hash,
        row_number() over (
            partition by name_hash
            order by account_id nulls last, source_system nulls last
        ) as place
    from accounts
    where name_hash is not null
),

numbered as (
    select
        source_system,
        account_id,
        registration_hash,
        master_account_id,
        registration_hash as group_hash,
        row_number() over (
            partition by registration_hash
            order by account_id nulls last, source_system nulls last
        ) as place
    from accounts
    where is_number_conflicting
),

pairs as (
    {%- for relation in ['named', 'numbered'] %}
        select
            firsts.source_system,
            firsts.account_id,
            firsts.master_account_id,
            peers.source_system as other_source_system,
            peers.account_id as other_account_id,
            peers.master_account_id as other_master_account_id,
            {%- if relation == 'named' %}
                case
                    when
                        firsts.registration_hash is null
                        or peers.registration_hash is null
                        then 'same_name_registration_unknown'
                    else 'same_name_other_registration'
                end as reason_code
            {%- else %}
                'same_registration_other_country' as reason_code
            {%- endif %}
        from {{ relation }} as peers
        inner join {{ relation }} as firsts on peers.group_hash = firsts.group_hash
        where
            firsts.place = 1
            and peers.place > 1
            and firsts.master_account_id <> peers.master_account_id
            {%- if relation == 'named' %}
                and (
                    firsts.registration_hash is null
                    or peers.registration_hash is null
                    or firsts.registration_hash <> peers.registration_hash
                )
            {%- endif %}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    {{ surrogate_key([
        'source_system', 'account_id', 'other_source_system', 'other_account_id',
        'reason_code'
    ]) }} as match_candidate_key,
    source_system,
    account_id as customer_code,
    master_account_id as master_customer_code,
    other_source_system,
    other_account_id as other_customer_code,
    other_master_account_id as other_master_customer_code,
    reason_code,
    {{ match_rule_version() }} as match_rule_version
from pairs
