{#- Grain: opportunity x field x interval [valid_from, valid_to) of days with one value,
    that at the end of the day. A source that has any change of a field tracks it: before
    a deal's first change its old value holds, without a change the record's value ever
    since; from the last change on that of the record. An untracked field is unknown
    before the first extract's day: today's value is never put into the past. Changes
    after as_of count for their old value: they tell of days before them. -#}
{%- set fields = {
    'stage': 'stage',
    'amount': 'cast(amount as string)',
    'expected_close_date': 'cast(expected_close_date as string)',
    'owner': 'owner_rep_code',
    'forecast_category': 'forecast_category',
    'probability': 'cast(probability as string)',
} -%}

with deals as (
    select
        source_system,
        opportunity_id,
        row_id,
        greatest(created_date, cast('{{ var("calendar_start_date") }}' as date))
            as start_date
    from {{ ref('int_opportunities_judged') }}
    where verdict = 'accepted'
),

landed as (
    select
        deals.source_system,
        deals.opportunity_id,
        deals.start_date,
        records.row_id = deals.row_id as is_record,
        records.received_at,
        records.row_id,
        records.stage,
        records.amount,
        records.expected_close_date,
        records.owner_rep_code,
        records.forecast_category,
        records.probability
    from deals
    inner join {{ ref('stg_crm__opportunities') }} as records
        on
            deals.source_system = records.source_system
            and deals.opportunity_id = records.opportunity_id
),

observed as (
    {%- for field, value in fields.items() %}
        select
            source_system,
            opportunity_id,
            start_date,
            is_record,
            received_at,
            row_id,
            '{{ field }}' as field,
            {{ value }} as field_value
        from landed
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

changes as (
    select
        stages.source_system,
        stages.opportunity_id,
        stages.field,
        greatest(stages.changed_date, deals.start_date) as event_date,
        stages.changed_at,
        stages.row_id,
        stages.old_value,
        stages.new_value,
        row_number() over (
            partition by stages.source_system, stages.opportunity_id, stages.field
            order by stages.changed_at nulls last, stages.row_id nulls last
        ) as change_no
    from {{ ref('int_opportunity_stages_judged') }} as stages
    inner join deals
        on
            stages.source_system = deals.source_system
            and stages.opportunity_id = deals.opportunity_id
    where stages.verdict in ('accepted', 'after_as_of')
),

tracked as (
    select distinct
        source_system,
        field
    from {{ ref('int_opportunity_stages_judged') }}
    where verdict in ('accepted', 'after_as_of')
),

events as (
    select
        observed.source_system,
        observed.opportunity_id,
        observed.field,
        observed.start_date as event_date,
        0 as event_rank,
        observed.received_at as event_at,
        observed.row_id,
        case
            when tracked.field is null then null
            when firsts.change_no is null then observed.field_value
            else firsts.old_value
        end as field_value,
        cast(null as string) as old_value,
        tracked.field is not null as is_known
    from observed
    left join tracked
        on
            observed.source_system = tracked.source_system
            and observed.field = tracked.field
    left join changes as firsts
        on
            observed.source_system = firsts.source_system
            and observed.opportunity_id = firsts.opportunity_id
            and observed.field = firsts.field
            and firsts.change_no = 1
    where observed.is_record
    union all
    select
        source_system,
        opportunity_id,
        field,
        event_date,
        1 as event_rank,
        changed_at as event_at,
        row_id,
        new_value as field_value,
        old_value,
        true as is_known
    from changes
    union all
    select
        observed.source_system,
        observed.opportunity_id,
        observed.field,
        greatest(
            observed.start_date,
            least({{ local_date('observed.received_at') }}, {{ as_of() }})
        ) as event_date,
        1 as event_rank,
        observed.received_at as event_at,
        observed.row_id,
        observed.field_value,
        cast(null as string) as old_value,
        true as is_known
    from observed
    left join tracked
        on
            observed.source_system = tracked.source_system
            and observed.field = tracked.field
    where tracked.field is null
),

ranked as (
    select
        source_system,
        opportunity_id,
        field,
        event_date,
        field_value,
        old_value,
        is_known,
        row_number() over (
            partition by source_system, opportunity_id, field, event_date
            order by
                event_rank desc nulls last,
                event_at desc nulls last,
                row_id desc nulls last
        ) as last_of_day
    from events
),

intervals as (
    select
        source_system,
        opportunity_id,
        field,
        event_date as valid_from,
        lead(event_date) over (
            partition by source_system, opportunity_id, field
            order by event_date nulls last
        ) as next_from,
        field_value,
        old_value,
        is_known,
        lag(field_value) over (
            partition by source_system, opportunity_id, field
            order by event_date nulls last
        ) as value_before
    from ranked
    where last_of_day = 1
),

valued as (
    select
        intervals.source_system,
        intervals.opportunity_id,
        intervals.field,
        intervals.valid_from,
        intervals.next_from,
        intervals.old_value,
        intervals.value_before,
        intervals.is_known,
        case
            when
                intervals.next_from is null and intervals.is_known
                and (
                    intervals.field <> 'stage'
                    or coalesce({{ stage_rank('observed.field_value') }} < 5, false)
                )
                then observed.field_value
            else intervals.field_value
        end as field_value
    from intervals
    inner join observed
        on
            intervals.source_system = observed.source_system
            and intervals.opportunity_id = observed.opportunity_id
            and intervals.field = observed.field
    where observed.is_record
)

select
    source_system,
    opportunity_id,
    field,
    valid_from,
    coalesce(next_from, {{ last_day_of_time() }}) as valid_to,
    field_value,
    is_known,
    case
        when field <> 'stage' then null
        when {{ stage_rank('field_value') }} < 5 then field_value
        when {{ stage_rank('old_value') }} < 5 then old_value
        when {{ stage_rank('value_before') }} < 5 then value_before
    end as open_stage,
    coalesce(
        field = 'expected_close_date'
        and substr(field_value, 1, 10) > substr(value_before, 1, 10),
        false
    ) as is_pushed
from valued
