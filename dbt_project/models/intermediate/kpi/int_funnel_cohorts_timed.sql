{#- Grain: pipeline x stage x entry month x segment. How long its members stayed: each
    stay of a deal in the stage is a case, in the month the deal first entered it; one
    that has not ended is censored at as_of. A lead's stay ends when it is converted; a
    lost lead, whose end nobody recorded, is no case. Won deals stay nowhere. -#}
with members as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        member_key,
        entered_date,
        reached_days,
        is_lost
    from {{ ref('int_funnel_members_entered') }}
),

cases as (
    select
        members.pipeline_code,
        members.stage,
        members.entry_month,
        members.segment_code,
        stays.opportunity_key || '|' || cast(stays.stay_no as string) as case_key,
        stays.stay_days as duration,
        stays.left_date is not null as is_event
    from members
    inner join {{ ref('int_deal_stays_cut') }} as stays
        on
            members.member_key = stays.opportunity_key
            and members.stage = {{ stage_code('stays.stage_rank') }}
    union all
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        member_key as case_key,
        coalesce(
            reached_days,
            cast({{ days_between('entered_date', as_of()) }} as bigint)
        ) as duration,
        reached_days is not null as is_event
    from members
    where stage = 'lead' and not is_lost
),

curves as (
    {{ km_medians(
        'cases', ['pipeline_code', 'stage', 'entry_month', 'segment_code'], 'duration',
        'is_event'
    ) }}
),

ended as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        duration,
        row_number() over (
            partition by pipeline_code, stage, entry_month, segment_code
            order by duration nulls last, case_key nulls last
        ) as rank_no,
        count(*) over (partition by pipeline_code, stage, entry_month, segment_code)
            as rank_count
    from cases
    where is_event
),

plain as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        sum(duration) as stay_days,
        {{ quantile_of_units('duration * 10000', 5) }} as stay_median_days
    from ended
    group by pipeline_code, stage, entry_month, segment_code
)

select
    curves.pipeline_code,
    curves.stage,
    curves.entry_month,
    curves.segment_code,
    curves.km_median,
    curves.longest_observed,
    curves.event_count as ended_count,
    plain.stay_days,
    plain.stay_median_days
from curves
left join plain
    on
        curves.pipeline_code = plain.pipeline_code
        and curves.stage = plain.stage
        and curves.entry_month = plain.entry_month
        and curves.segment_code = plain.segment_code
