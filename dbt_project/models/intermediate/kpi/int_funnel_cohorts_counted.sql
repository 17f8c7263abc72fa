{#- Grain: pipeline x stage x entry month x segment that a deal or lead entered or
    jumped over. reached_in_window: K14, within the window of the entry; reached: by
    as_of. skipped: jumped over it on the way up before it ever was there, by the month
    of the jump; not a member of the cohort. -#}
with members as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        is_mature,
        reached_days,
        is_lost,
        is_open,
        regression_count,
        row_number() over (
            partition by
                pipeline_code, stage, entry_month, segment_code,
                reached_days is null
            order by reached_days nulls last, member_key nulls last
        ) as rank_no,
        count(reached_days) over (
            partition by pipeline_code, stage, entry_month, segment_code
        ) as rank_count
    from {{ ref('int_funnel_members_entered') }}
),

medians as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        {{ quantile_of_units('reached_days * 10000', 5) }} as converted_days_median
    from members
    where reached_days is not null
    group by pipeline_code, stage, entry_month, segment_code
),

counted as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        is_mature,
        count(*) as entered_count,
        count(
            case
                when reached_days <= {{ definition('stage_window_days') }} then 1
            end
        ) as reached_in_window_count,
        count(reached_days) as reached_count,
        count(case when is_lost then 1 end) as lost_count,
        count(case when is_open then 1 end) as open_count,
        cast(sum(regression_count) as bigint) as regression_count
    from members
    group by pipeline_code, stage, entry_month, segment_code, is_mature
),

skipped as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        is_mature,
        count(*) as skipped_count
    from {{ ref('int_funnel_stages_skipped') }}
    group by pipeline_code, stage, entry_month, segment_code, is_mature
)

select
    coalesce(counted.pipeline_code, skipped.pipeline_code) as pipeline_code,
    coalesce(counted.stage, skipped.stage) as stage,
    coalesce(counted.entry_month, skipped.entry_month) as entry_month,
    coalesce(counted.segment_code, skipped.segment_code) as segment_code,
    coalesce(counted.is_mature, skipped.is_mature) as is_mature,
    coalesce(counted.entered_count, 0) as entered_count,
    coalesce(counted.reached_in_window_count, 0) as reached_in_window_count,
    coalesce(counted.reached_count, 0) as reached_count,
    coalesce(counted.lost_count, 0) as lost_count,
    coalesce(counted.open_count, 0) as open_count,
    coalesce(counted.regression_count, 0) as regression_count,
    coalesce(skipped.skipped_count, 0) as skipped_count,
    medians.converted_days_median
from counted
full outer join skipped
    on
        counted.pipeline_code = skipped.pipeline_code
        and counted.stage = skipped.stage
        and counted.entry_month = skipped.entry_month
        and counted.segment_code = skipped.segment_code
left join medians
    on
        counted.pipeline_code = medians.pipeline_code
        and counted.stage = medians.stage
        and counted.entry_month = medians.entry_month
        and counted.segment_code = medians.segment_code
