{{ config(meta={'rule': 'R09', 'table': 'mart_quota_attainment'}) }}
{#- The quotas of the level below, where they cover the whole interval, sum to the quota
    and the over-assignment that it declares (none: to the quota), as near as four
    decimals of a share can say it. -#}

select
    owner_type || '|' || owner_code || '|' || metric || '|'
    || cast(valid_from as string) as failing_key,
    quota_amount,
    declared_over_assignment,
    assigned_amount
from {{ ref('mart_quota_attainment') }}
where
    is_current_version
    and is_assigned_in_full
    and abs(
        assigned_amount - quota_amount
        - {{ times('quota_amount', 'coalesce(declared_over_assignment, 0)') }}
    ) > {{ times('quota_amount', "cast('0.00005' as decimal(9, 8))") }}
