{#- Grain: change of one field of an opportunity, numbered within it. Not additive: no
    measures. -#}

with changes as (
    select
        source_system,
        opportunity_id,
        row_id,
        field,
        changed_at,
        changed_date,
        old_value,
        new_value,
        row_number() over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, field nulls last, row_id nulls last
        ) as transition_no,
        case when field = 'stage' then {{ stage_rank('old_value') }} end
            as stage_rank_from,
        case when field = 'stage' then {{ stage_rank('new_value') }} end
            as stage_rank_to
    from {{ ref('int_opportunity_stages_judged') }}
    where verdict = 'accepted'
)

select
    {{ surrogate_key(['source_system', 'opportunity_id', 'changed_at', 'field']) }}
        as opportunity_stage_key,
    source_system,
    opportunity_id,
    row_id,
    transition_no,
    field,
    changed_at,
    changed_date,
    old_value,
    new_value,
    stage_rank_from,
    stage_rank_to,
    coalesce(stage_rank_to < stage_rank_from, false) as is_regression
from changes
