{#- One landed change of stage that does not fit the path of its opportunity, and why
    (T06). Any open stage may follow any other: a step may be skipped or taken back.
    Illegal are a stage that no pipeline has, a change to itself, a change from a
    stage that the deal was not at, and leaving closed without being reopened: the
    deal's record still has the close that came before. One strayed row does not take
    the next with it: that one is measured at the row before the strayed one.
    A first change has nothing before it to be measured at. -#}

with landed as (
    select
        source_system,
        row_id,
        opportunity_id,
        changed_at,
        old_value,
        new_value,
        {{ version_status(
            ['source_system', 'opportunity_id', 'changed_at', 'field'], 'event'
        ) }} as version_status
    from {{ ref('stg_crm__opportunity_stages') }}
    where field = 'stage' and {{ local_date('changed_at') }} <= {{ as_of() }}
),

stepped as (
    select
        source_system,
        row_id,
        opportunity_id,
        changed_at,
        old_value,
        new_value,
        lag(new_value) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as stage_before,
        lag(new_value, 2) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as stage_two_before,
        max(case when new_value = 'closed' then changed_at end) over (
            partition by source_system, opportunity_id
        ) as last_closed_at
    from landed
    where version_status = 'kept'
),

chained as (
    select
        source_system,
        row_id,
        opportunity_id,
        changed_at,
        old_value,
        new_value,
        stage_before,
        stage_two_before,
        last_closed_at,
        coalesce(old_value <> stage_before, false) as is_elsewhere,
        lag(coalesce(old_value <> stage_before, false)) over (
            partition by source_system, opportunity_id
            order by changed_at nulls last, row_id nulls last
        ) as is_elsewhere_before
    from stepped
),

closed as (
    select
        source_system,
        opportunity_id,
        closed_date
    from {{ ref('int_opportunities_judged') }}
    where verdict <> 'duplicate'
),

judged as (
    select
        chained.row_id,
        case
            when {{ stage_rank('chained.new_value') }} is null
                then 'no pipeline has the stage ' || coalesce(chained.new_value, '')
            when chained.old_value = chained.new_value
                then 'a change from ' || chained.old_value || ' to itself'
            when
                chained.is_elsewhere
                and not (
                    coalesce(chained.is_elsewhere_before, false)
                    and coalesce(chained.old_value = chained.stage_two_before, false)
                )
                then
                    'a change from ' || chained.old_value
                    || ' while at ' || chained.stage_before
            when
                chained.old_value = 'closed'
                and closed.closed_date <= {{ local_date('chained.changed_at') }}
                and chained.last_closed_at <= chained.changed_at
                then 'left closed without being reopened'
        end as reason
    from chained
    left join closed
        on
            chained.source_system = closed.source_system
            and chained.opportunity_id = closed.opportunity_id
)

select
    row_id,
    reason
from judged
where reason is not null
