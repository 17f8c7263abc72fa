{#- Grain: spell of an opportunity in which it is open: from its creation, and again
    from each reopening, to the close day (NULL: open at as_of). A reopening is a change of
    stage from closed to another; the closing that it undoes is the last one before it,
    won where the stage that it left says so, else lost: nothing says that it was won.
    Closed and reopened on one day is no closing. A merged deal without close date left on the day of its last change. -#}
{%- set closed_stages = "('closed', 'won', 'lost', 'abandoned')" -%}

with changes as (
    select
        source_system,
        opportunity_id,
        row_id,
        field,
        old_value,
        changed_at,
        changed_date,
        case
            when
                field = 'stage'
                and new_value in {{ closed_stages }}
                and coalesce(old_value, '') not in {{ closed_stages }}
                then 'close'
            when
                field = 'stage'
                and old_value in {{ closed_stages }}
                and coalesce(new_value, '') not in {{ closed_stages }}
                then 'reopen'
        end as change_kind
    from {{ ref('int_opportunity_stages_judged') }}
    where verdict in ('accepted', 'after_as_of')
),

last_changes as (
    select
        source_system,
        opportunity_id,
        coalesce(
            max(case when change_kind = 'close' then changed_date end),
            max(changed_date)
        ) as last_date
    from changes
    group by source_system, opportunity_id
),

dated as (
    select
        deals.source_system,
        deals.opportunity_id,
        greatest(deals.created_date, cast('{{ var("calendar_start_date") }}' as date))
            as start_date,
        case
            when deals.state = 'merged'
                then greatest(
                    coalesce(
                        deals.closed_date, last_changes.last_date, deals.created_date
                    ),
                    deals.created_date
                )
            else deals.closed_date
        end as closed_date,
        deals.state
    from {{ ref('int_opportunities_judged') }} as deals
    left join last_changes
        on
            deals.source_system = last_changes.source_system
            and deals.opportunity_id = last_changes.opportunity_id
    where deals.verdict = 'accepted'
),

deals as (
    select
        source_system,
        opportunity_id,
        start_date,
        case when closed_date <= {{ as_of() }} then closed_date end as closed_date,
        case when closed_date <= {{ as_of() }} then state end as closed_state
    from dated
),

turns as (
    select
        source_system,
        opportunity_id,
        row_id,
        change_kind,
        old_value,
        changed_at,
        changed_date,
        lag(change_kind) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as kind_before,
        lag(changed_date) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as date_before
    from changes
    where change_kind is not null
),

openings as (
    select
        source_system,
        opportunity_id,
        0 as opening_rank,
        start_date as opened_date,
        cast(null as date) as closed_before,
        cast(null as string) as stage_before,
        closed_date as final_date,
        closed_state as final_state
    from deals
    union all
    select
        deals.source_system,
        deals.opportunity_id,
        1 as opening_rank,
        turns.changed_date as opened_date,
        turns.date_before as closed_before,
        turns.old_value as stage_before,
        deals.closed_date as final_date,
        deals.closed_state as final_state
    from turns
    inner join deals
        on
            turns.source_system = deals.source_system
            and turns.opportunity_id = deals.opportunity_id
    where
        turns.change_kind = 'reopen'
        and turns.kind_before = 'close'
        and turns.date_before < turns.changed_date
        and turns.date_before >= deals.start_date
        and turns.changed_date <= coalesce(deals.closed_date, turns.changed_date)
),

paired as (
    select
        source_system,
        opportunity_id,
        opened_date,
        closed_before,
        final_date,
        final_state,
        row_number() over (
            partition by source_system, opportunity_id
            order by opened_date nulls last, opening_rank nulls last
        ) as spell_no,
        lead(closed_before) over (
            partition by source_system, opportunity_id
            order by opened_date nulls last, opening_rank nulls last
        ) as undone_date,
        lead(stage_before) over (
            partition by source_system, opportunity_id
            order by opened_date nulls last, opening_rank nulls last
        ) as undone_stage
    from openings
),

ended as (
    select
        source_system,
        opportunity_id,
        spell_no,
        opened_date,
        coalesce(undone_date, final_date) as closed_date,
        case
            when undone_date is null then final_state
            when undone_stage = 'won' then 'won'
            else 'lost'
        end as closed_state
    from paired
)

select
    source_system,
    opportunity_id,
    spell_no,
    opened_date,
    case when closed_date <= {{ as_of() }} then closed_date end as closed_date,
    case when closed_date <= {{ as_of() }} then closed_state end as closed_state
from ended
where opened_date <= {{ as_of() }}
