{{ config(meta={'rule': 'S19', 'table': 'fct_quota'}) }}
{#- No day has two quotas of one owner, metric and version: of whatever source and
    extract, and with the ends that were derived. -#}

select
    owner_type || '|' || owner_code || '|' || metric || '|' || version || '|'
    || cast(valid_from as string) as failing_key,
    ended_before
from (
    select
        owner_type,
        owner_code,
        metric,
        version,
        valid_from,
        max(valid_to) over (
            partition by owner_type, owner_code, metric, version
            order by valid_from nulls last, quota_key nulls last
            rows between unbounded preceding and 1 preceding
        ) as ended_before
    from {{ ref('fct_quota') }}
) as ordered
where valid_from < ended_before
