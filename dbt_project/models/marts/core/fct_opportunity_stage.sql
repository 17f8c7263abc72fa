{#- Grain: change of one field of an opportunity, numbered within it.
    Not additive: days_since_change (a stay ends with the next change of stage).
    Rule: leaving closed is a reopen, any other step to an earlier stage a regression;
    stages jumped over on the way up are skipped, also by a win but not by a loss or by
    a close that was undone.
    Owner as the record has it, team of the day. Changes that do not fit the path are
    held (T06). Source: crm.opportunity_stages. -#}

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
),

deals as (
    select
        source_system,
        opportunity_id,
        pipeline,
        owner_rep_code,
        channel_code,
        master_customer_code,
        state,
        created_date
    from {{ ref('int_opportunities_resolved') }}
),

stays as (
    select
        row_id,
        lag(changed_date) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as changed_before,
        lead(changed_date) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as next_changed_date
    from changes
    where field = 'stage'
)

select
    {{ surrogate_key([
        'changes.source_system', 'changes.opportunity_id', 'changes.changed_at',
        'changes.field'
    ]) }} as opportunity_stage_key,
    changes.source_system,
    changes.opportunity_id,
    changes.row_id,
    changes.transition_no,
    changes.field,
    changes.changed_at,
    changes.changed_date,
    changes.old_value,
    changes.new_value,
    changes.stage_rank_from,
    changes.stage_rank_to,
    coalesce(
        changes.stage_rank_to < changes.stage_rank_from
        and changes.stage_rank_from < 5,
        false
    ) as is_regression,
    {{ surrogate_key(['changes.source_system', 'changes.opportunity_id']) }}
        as opportunity_key,
    coalesce(
        changes.stage_rank_from = 5 and changes.stage_rank_to < 5, false
    ) as is_reopen,
    case
        when changes.field <> 'stage' then null
        when
            changes.stage_rank_to = 5
            and (deals.state <> 'won' or stays.next_changed_date is not null)
            then 0
        else greatest(changes.stage_rank_to - changes.stage_rank_from - 1, 0)
    end as skipped_stage_count,
    case
        when changes.field = 'stage' then cast(
            {{ days_between(
                'coalesce(stays.changed_before, deals.created_date)',
                'changes.changed_date'
            ) }} as bigint
        )
    end as days_since_change,
    stays.next_changed_date,
    coalesce(deals.pipeline, {{ unknown_code() }}) as pipeline,
    coalesce(deals.owner_rep_code, {{ unknown_code() }}) as rep_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    coalesce(deals.channel_code, {{ unknown_code() }}) as channel_code,
    coalesce(deals.master_customer_code, {{ unknown_code() }}) as master_customer_code
from changes
left join stays on changes.row_id = stays.row_id
left join deals
    on
        changes.source_system = deals.source_system
        and changes.opportunity_id = deals.opportunity_id
left join {{ ref('dim_sales_rep') }} as reps
    on
        deals.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'changes.changed_date') }}
