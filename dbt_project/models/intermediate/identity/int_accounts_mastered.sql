{#- One account of a source -> its master: of the accounts that are one customer and
    were not merged away themselves the oldest, then the first by source, then by id.
    Rules (version: macro match_rule_version): merges of the source; one registration
    number; one id in two sources. No name decides anything. match_rule says which rule
    took the account to its master. -#}

with merged as (
    select
        source_system,
        account_id,
        merged_into_id,
        root_account_id,
        is_too_deep
    from {{ ref('int_accounts_merged') }}
),

clusters as (
    select
        account_id,
        cluster_id
    from {{ ref('int_accounts_clustered') }}
),

ranked as (
    select
        clusters.cluster_id,
        merged.source_system,
        merged.account_id,
        row_number() over (
            partition by clusters.cluster_id
            order by
                known.created_date asc nulls last,
                merged.source_system asc nulls last,
                merged.account_id asc nulls last
        ) as age_rank
    from merged
    inner join clusters on merged.account_id = clusters.account_id
    left join {{ ref('int_accounts_identified') }} as known
        on
            merged.source_system = known.source_system
            and merged.account_id = known.account_id
    where merged.root_account_id = merged.account_id
),

masters as (
    select
        cluster_id,
        source_system,
        account_id
    from ranked
    where age_rank = 1
)

select
    merged.source_system,
    merged.account_id,
    merged.merged_into_id,
    masters.source_system as master_source_system,
    coalesce(masters.account_id, merged.root_account_id) as master_account_id,
    case
        when coalesce(masters.account_id, merged.root_account_id) = merged.account_id
            then
                case
                    when
                        coalesce(masters.source_system, merged.source_system)
                        = merged.source_system
                        then 'own'
                    else 'same_id'
                end
        when
            coalesce(masters.account_id, merged.root_account_id)
            = merged.root_account_id
            then 'merged'
        else 'registration_no'
    end as match_rule,
    merged.is_too_deep
from merged
inner join clusters on merged.account_id = clusters.account_id
left join masters on clusters.cluster_id = masters.cluster_id
