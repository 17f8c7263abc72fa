{{ config(meta={'rule': 'D01', 'table': 'int_accounts_mastered'}) }}
{#- The rounds of int_accounts_clustered were enough: accounts that a rule links are one
    customer. -#}

select
    min(links.account_id) as failing_key,
    count(distinct clusters.cluster_id) as cluster_count
from {{ ref('int_accounts_linked') }} as links
inner join {{ ref('int_accounts_clustered') }} as clusters
    on links.account_id = clusters.account_id
group by links.group_key
having count(distinct clusters.cluster_id) > 1
