{#- Grain: pipeline x stage x month of the first entry x segment. Stages: lead,
    prospecting, qualified, proposal, negotiation, won. Leads have no pipeline and no
    segment before they are somebody: (none); merged deals are out.
    Not additive: ratios (sum the parts), means (likewise), medians; stages of one deal
    are several rows, so entered_count never adds up over stages.
    Rule: K14 and K21 of quality/metrics.yml, owner sales_operations: reached = a later
    stage or the win (a lead: converted; a deal won: it has an order) within the window,
    only for months older than it; a stage jumped over counts as reached. Durations of
    ended stays are too short while others last: the Kaplan-Meier median stands beside.
    Source: fct_opportunity, fct_opportunity_stage, fct_lead. -#}
with counted as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        is_mature,
        entered_count,
        reached_in_window_count,
        reached_count,
        lost_count,
        open_count,
        skipped_count,
        regression_count,
        converted_days_median
    from {{ ref('int_funnel_cohorts_counted') }}
),

timed as (
    select
        pipeline_code,
        stage,
        entry_month,
        segment_code,
        stay_days,
        ended_count,
        stay_median_days,
        km_median,
        longest_observed
    from {{ ref('int_funnel_cohorts_timed') }}
)

select
    {{ as_of() }} as as_of_date,
    counted.pipeline_code,
    counted.stage,
    counted.entry_month,
    counted.segment_code,
    counted.entered_count,
    counted.is_mature,
    cast(
        case when counted.is_mature then counted.reached_in_window_count end
        as decimal(18, 4)
    ) as reached_numerator,
    cast(
        case when counted.is_mature then counted.entered_count end as decimal(18, 4)
    ) as reached_denominator,
    case
        when counted.is_mature
            then {{ safe_ratio(
                'counted.reached_in_window_count', 'counted.entered_count'
            ) }}
    end as reached_ratio,
    counted.lost_count,
    counted.open_count,
    counted.skipped_count,
    counted.regression_count,
    {{ average_of('timed.stay_days', 'timed.ended_count') }}
        as time_in_stage_mean_days,
    cast(coalesce(timed.stay_days, 0) as decimal(18, 4))
        as time_in_stage_mean_days_numerator,
    cast(coalesce(timed.ended_count, 0) as decimal(18, 4))
        as time_in_stage_mean_days_denominator,
    timed.stay_median_days as time_in_stage_median_days,
    cast(timed.km_median as decimal(18, 4)) as time_in_stage_km_median_days,
    timed.longest_observed as longest_observed_days,
    cast(counted.reached_count as decimal(18, 4)) as conversion_running_numerator,
    cast(counted.entered_count as decimal(18, 4)) as conversion_running_denominator,
    {{ safe_ratio('counted.reached_count', 'counted.entered_count') }}
        as conversion_running_ratio,
    counted.converted_days_median,
    case
        when not counted.is_mature then 'immature'
        when counted.entered_count < {{ definition('low_n') }} then 'low_n'
        else 'ok'
    end as funnel_status
from counted
left join timed
    on
        counted.pipeline_code = timed.pipeline_code
        and counted.stage = timed.stage
        and counted.entry_month = timed.entry_month
        and counted.segment_code = timed.segment_code
