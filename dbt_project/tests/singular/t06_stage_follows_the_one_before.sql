{{ config(meta={'rule': 'T06'}) }}
select
    source_system || '|' || opportunity_id || '|' || cast(changed_at as string)
        as failing_key,
    old_value,
    new_value
from {{ ref('fct_opportunity_stage') }}
where
    field = 'stage'
    and (stage_rank_to is null or coalesce(stage_rank_from = stage_rank_to, false))
