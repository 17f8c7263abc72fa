{#- Grain: opportunity x interval of days on which all its dated fields and the day of
    its last touch stay the same. A touch is an activity with an outside party that names the
    deal; has_touches says whether the deal's source names deals on activities at all. -#}

with fields as (
    select
        source_system,
        opportunity_id,
        field,
        valid_from,
        valid_to,
        field_value,
        is_known,
        open_stage,
        is_pushed
    from {{ ref('int_opportunity_fields_dated') }}
),

starts as (
    select
        source_system,
        opportunity_id,
        min(valid_from) as start_date
    from fields
    group by source_system, opportunity_id
),

touches as (
    select distinct
        starts.source_system,
        starts.opportunity_id,
        greatest(activities.business_date, starts.start_date) as touch_date
    from {{ ref('int_activities_judged') }} as activities
    inner join starts
        on
            activities.source_system = starts.source_system
            and activities.opportunity_id = starts.opportunity_id
    where activities.verdict = 'accepted'
),

boundaries as (
    select
        source_system,
        opportunity_id,
        valid_from,
        max(is_touch) as is_touch
    from (
        select
            source_system,
            opportunity_id,
            valid_from,
            0 as is_touch
        from fields
        union all
        select
            source_system,
            opportunity_id,
            touch_date as valid_from,
            1 as is_touch
        from touches
    ) as both_kinds
    group by source_system, opportunity_id, valid_from
),

bounded as (
    select
        source_system,
        opportunity_id,
        valid_from,
        coalesce(
            lead(valid_from) over (
                partition by source_system, opportunity_id
                order by valid_from nulls last
            ),
            {{ last_day_of_time() }}
        ) as valid_to,
        max(case when is_touch = 1 then valid_from end) over (
            partition by source_system, opportunity_id order by valid_from nulls last
            rows between unbounded preceding and current row
        ) as last_touch_date
    from boundaries
),

touching as (
    select distinct source_system from touches
),

joined as (
    select
        bounded.source_system,
        bounded.opportunity_id,
        bounded.valid_from,
        bounded.valid_to,
        bounded.last_touch_date,
        fields.field,
        fields.valid_from as field_from,
        fields.field_value,
        fields.is_known,
        fields.open_stage,
        fields.is_pushed
    from bounded
    inner join fields
        on
            bounded.source_system = fields.source_system
            and bounded.opportunity_id = fields.opportunity_id
            and bounded.valid_from >= fields.valid_from
            and bounded.valid_from < fields.valid_to
),

pivoted as (
    select
        source_system,
        opportunity_id,
        valid_from,
        valid_to,
        last_touch_date,
        max(open_stage) as stage,
        max(case when field = 'stage' and is_known then field_from end) as stage_from,
        max(case when field = 'amount' then try_cast(field_value as decimal(18, 4)) end)
            as amount,
        max(case when field = 'amount' and is_known then 1 else 0 end) = 1
            as is_amount_known,
        max(
            case
                when field = 'expected_close_date'
                    then try_cast(substr(field_value, 1, 10) as date)
            end
        ) as expected_close_date,
        max(case when field = 'expected_close_date' and is_known then 1 else 0 end) = 1
            as is_expected_close_known,
        max(case when is_pushed and field_from = valid_from then 1 else 0 end) = 1
            as is_pushed_first_day,
        max(case when field = 'owner' then field_value end) as owner_rep_code,
        max(case when field = 'owner' and is_known then 1 else 0 end) = 1
            as is_owner_known,
        max(case when field = 'forecast_category' then field_value end)
            as forecast_category,
        max(
            case
                when field = 'probability' then try_cast(field_value as decimal(9, 4))
            end
        ) as probability
    from joined
    group by source_system, opportunity_id, valid_from, valid_to, last_touch_date
)

select
    pivoted.*,
    touching.source_system is not null as has_touches
from pivoted
left join touching on pivoted.source_system = touching.source_system
