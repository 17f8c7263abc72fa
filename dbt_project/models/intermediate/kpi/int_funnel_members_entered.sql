{#- Grain: lead, or deal x stage that it entered, or deal won. entered_date: the first
    time. reached_days: until a later stage or the win, from a change after the first entry;
    a stage jumped over counts as reached. -#}
with deals as (
    select
        opportunity_key,
        coalesce(pipeline, {{ none_code() }}) as pipeline_code,
        segment_code,
        case when state = 'abandoned' then 'lost' else state end as state,
        closed_date,
        order_id
    from {{ ref('fct_opportunity') }}
    where state <> 'merged'
),

stays as (
    select
        opportunity_key,
        stay_no,
        stage_rank,
        entered_date,
        is_left_backwards,
        is_last
    from {{ ref('int_deal_stays_cut') }}
),

entries as (
    select
        opportunity_key,
        stage_rank,
        min(stay_no) as entry_no,
        min(entered_date) as entered_date,
        count(case when is_left_backwards then 1 end) as regression_count,
        count(case when is_last then 1 end) as last_count
    from stays
    group by opportunity_key, stage_rank
),

reached as (
    select
        entries.opportunity_key,
        entries.stage_rank,
        min(later.entered_date) as reached_date
    from entries
    inner join stays as later
        on
            entries.opportunity_key = later.opportunity_key
            and entries.stage_rank < later.stage_rank
            and entries.entry_no < later.stay_no
    group by entries.opportunity_key, entries.stage_rank
),

members as (
    select
        deals.pipeline_code,
        {{ stage_code('entries.stage_rank') }} as stage,
        deals.segment_code,
        entries.opportunity_key as member_key,
        entries.entered_date,
        least(
            coalesce(reached.reached_date, {{ last_day_of_time() }}),
            case
                when deals.state = 'won' then deals.closed_date
                else {{ last_day_of_time() }}
            end
        ) as reached_date,
        deals.state = 'lost' and entries.last_count > 0 as is_lost,
        deals.state = 'open' and entries.last_count > 0 as is_open,
        entries.regression_count
    from entries
    inner join deals on entries.opportunity_key = deals.opportunity_key
    left join reached
        on
            entries.opportunity_key = reached.opportunity_key
            and entries.stage_rank = reached.stage_rank
    union all
    select
        pipeline_code,
        'won' as stage,
        segment_code,
        opportunity_key as member_key,
        closed_date as entered_date,
        case when order_id is null then {{ last_day_of_time() }} else closed_date end
            as reached_date,
        false as is_lost,
        false as is_open,
        0 as regression_count
    from deals
    where state = 'won'
    union all
    select
        {{ none_code() }} as pipeline_code,
        'lead' as stage,
        {{ none_code() }} as segment_code,
        lead_key as member_key,
        created_date as entered_date,
        coalesce(converted_date, {{ last_day_of_time() }}) as reached_date,
        not is_converted and status = 'lost' as is_lost,
        not is_converted and status <> 'lost' as is_open,
        0 as regression_count
    from {{ ref('fct_lead') }}
)

select
    pipeline_code,
    stage,
    segment_code,
    member_key,
    entered_date,
    {{ fiscal_month('entered_date') }} as entry_month,
    {{ add_days(month_end('entered_date'), definition('stage_window_days')) }}
    <= {{ as_of() }} as is_mature,
    case
        when reached_date < {{ last_day_of_time() }}
            then cast({{ days_between('entered_date', 'reached_date') }} as bigint)
    end as reached_days,
    is_lost,
    is_open,
    regression_count
from members
