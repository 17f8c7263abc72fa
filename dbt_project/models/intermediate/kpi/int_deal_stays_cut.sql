{#- Grain: stay of a deal in an open stage. A deal starts in the stage that its first
    change left (without a change: the one it is in), on the day it was created; a stay
    ends with the next change of stage, else with the close. Merged deals are out. A
    closed deal without any change of stage was in nobody knows which: no stay. -#}
with deals as (
    select
        opportunity_key,
        created_date,
        closed_date,
        stage_rank
    from {{ ref('fct_opportunity') }}
    where state <> 'merged'
),

changes as (
    select
        opportunity_key,
        transition_no,
        changed_date,
        next_changed_date,
        stage_rank_from,
        stage_rank_to,
        is_regression,
        min(transition_no) over (partition by opportunity_key) as first_no,
        lead(is_regression) over (
            partition by opportunity_key order by transition_no nulls last
        ) as is_left_backwards
    from {{ ref('fct_opportunity_stage') }}
    where field = 'stage'
),

stays as (
    select
        opportunity_key,
        transition_no as stay_no,
        stage_rank_to as stage_rank,
        changed_date as entered_date,
        next_changed_date as left_date,
        coalesce(is_left_backwards, false) as is_left_backwards
    from changes
    union all
    select
        changes.opportunity_key,
        0 as stay_no,
        changes.stage_rank_from as stage_rank,
        deals.created_date as entered_date,
        changes.changed_date as left_date,
        changes.is_regression as is_left_backwards
    from changes
    inner join deals on changes.opportunity_key = deals.opportunity_key
    where changes.transition_no = changes.first_no
    union all
    select
        deals.opportunity_key,
        0 as stay_no,
        deals.stage_rank,
        deals.created_date as entered_date,
        cast(null as date) as left_date,
        false as is_left_backwards
    from deals
    left join changes on deals.opportunity_key = changes.opportunity_key
    where changes.opportunity_key is null
),

dated as (
    select
        stays.opportunity_key,
        stays.stay_no,
        stays.stage_rank,
        stays.entered_date,
        coalesce(stays.left_date, deals.closed_date) as left_date,
        stays.is_left_backwards,
        row_number() over (
            partition by stays.opportunity_key order by stays.stay_no desc nulls last
        ) = 1 as is_last
    from stays
    inner join deals on stays.opportunity_key = deals.opportunity_key
    where stays.stage_rank < 5
)

select
    opportunity_key,
    stay_no,
    stage_rank,
    entered_date,
    left_date,
    is_left_backwards,
    is_last,
    cast(
        {{ days_between('entered_date', 'coalesce(left_date, ' ~ as_of() ~ ')') }}
        as bigint
    ) as stay_days
from dated
