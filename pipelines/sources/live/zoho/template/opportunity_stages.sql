-- One move of a deal from a stage to the next. DealHistory has a row for each stage that was entered. The moves of a
-- deleted deal leave with it; rows that Zoho itself gives without a deal are set aside.
with meant as (
    -- What Zoho itself says of a stage, as it said it last.
    select
        coalesce(actual_value, display_value) as stage_name,
        arg_max(lower(concat_ws(' ', forecast_type, deal_category)), _file) as kind
    from stages
    group by all
), closing as (
    -- Where the pick list says nothing: the stages of deals that are sure to be won, or lost.
    select distinct "Stage" as stage_name
    from deals
    where try_cast("Probability" as decimal(9, 4)) in (0, 100)
), gone as (
    select deals_deleted.id
    from deals_deleted
    where not exists (
        select 1 from deals
        where deals.id = deals_deleted.id
            and cast(deals."Modified_Time" as timestamptz) > cast(deals_deleted.deleted_time as timestamptz)
    )
), moves as (
    select
        deal_history._row_id,
        deal_history.id,
        json_extract_string("Potential_Name", '$.id') as deal_id,
        "Modified_Time" as changed_at,
        case
            when meant.kind like '%won%' or meant.kind like '%lost%' then 'closed'
            when coalesce(meant.kind, '') not like '%open%' and closing.stage_name is not null then 'closed'
            else "Stage"
        end as stage,
        row_number() over (partition by deal_history.id order by deal_history._file desc) as version
    from deal_history
    left join meant on meant.stage_name = deal_history."Stage"
    left join closing on closing.stage_name = deal_history."Stage"
), followed as (
    select
        *,
        lag(stage) over (partition by deal_id order by cast(changed_at as timestamptz), id) as stage_before
    from moves
    where version = 1
)
select
    _row_id,
    deal_id as opportunity_id,
    changed_at,
    'stage' as field,
    stage_before as old_value,
    stage as new_value
from followed
where (deal_id is null or stage_before <> stage)
    and not exists (select 1 from gone where gone.id = followed.deal_id)
