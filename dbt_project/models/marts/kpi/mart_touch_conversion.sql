{#- Grain: rep x team of the day x activity type x ISO week with a human touch of a
    customer or a lead; (none) holds what no rep did.
    Not additive: ratio (sum the parts). A party touched in two ways, or in two weeks, is
    in two rows. followed_count_memo holds converted_count: never add the two.
    Rule: K20 of quality/metrics.yml, owner sales_operations: an opportunity belongs to
    the last touch before it. NULL until the window after the week is over; the parts of
    a rep's month add up to those of mart_rep_scorecard (R04).
    Source: fct_activity, fct_opportunity, fct_lead. -#}
with touches as (
    select
        rep_code,
        team_code,
        activity_type,
        week,
        week_start_date,
        fiscal_month,
        is_mature,
        touched_count,
        converted_count,
        followed_count
    from {{ ref('int_touches_converted') }}
),

feeds as (
    select has_opportunities
    from {{ ref('int_feeds_filled') }}
),

told as (
    select
        touches.rep_code,
        touches.team_code,
        touches.activity_type,
        touches.week,
        touches.week_start_date,
        touches.fiscal_month,
        touches.is_mature,
        touches.touched_count,
        feeds.has_opportunities,
        feeds.has_opportunities and touches.is_mature as is_counted,
        case when feeds.has_opportunities then touches.converted_count end
            as converted_count,
        case when feeds.has_opportunities then touches.followed_count end
            as followed_count
    from touches
    cross join feeds
)

select
    {{ as_of() }} as as_of_date,
    rep_code,
    team_code,
    activity_type,
    week as cohort_week,
    week_start_date,
    fiscal_month,
    is_mature,
    cast(touched_count as bigint) as touched_count,
    cast(converted_count as bigint) as converted_count,
    cast(followed_count as bigint) as followed_count_memo,
    cast(case when is_counted then converted_count end as decimal(18, 4))
        as activity_conversion_numerator,
    cast(case when is_counted then touched_count end as decimal(18, 4))
        as activity_conversion_denominator,
    case when is_counted then {{ safe_ratio('converted_count', 'touched_count') }} end
        as activity_conversion_ratio,
    case
        when not has_opportunities then 'no_data'
        when not is_mature then 'immature'
        when touched_count < {{ definition('low_n') }} then 'low_n'
        else 'ok'
    end as activity_conversion_status
from told
