-- One deal as it was at its last change. Won and lost are what Zoho's pick list says of the stage; where it says
-- nothing, a probability of 100 or 0. A deal is closed when it entered its stage (DealHistory); if that was before
-- stages were tracked, on its Closing_Date.
with meant as (
    -- What Zoho itself says of a stage, as it said it last.
    select
        coalesce(actual_value, display_value) as stage_name,
        arg_max(lower(concat_ws(' ', forecast_type, deal_category)), _file) as kind
    from stages
    group by all
), entered as (
    select
        json_extract_string("Potential_Name", '$.id') as deal_id,
        "Stage" as stage_name,
        arg_max("Modified_Time", cast("Modified_Time" as timestamptz)) as entered_at
    from deal_history
    group by all
), judged as (
    select
        deals.*,
        case
            when meant.kind like '%won%' then 'won'
            when meant.kind like '%lost%' then 'lost'
            when meant.kind like '%open%' then 'open'
            when try_cast("Probability" as decimal(9, 4)) = 100 then 'won'
            when try_cast("Probability" as decimal(9, 4)) = 0 then 'lost'
            when "Probability" is not null then 'open'
        end as status
    from deals
    left join meant on meant.stage_name = deals."Stage"
)
select
    judged._row_id,
    judged.id as opportunity_id,
    json_extract_string(judged."Account_Name", '$.id') as account_id,
    json_extract_string(judged."Owner", '$.id') as owner_rep_code,
    judged."Pipeline" as pipeline,
    case when judged.status in ('won', 'lost') then 'closed' else judged."Stage" end as stage,
    judged.status,
    judged."Amount" as amount,
    judged."Currency" as currency,
    judged."Closing_Date" as expected_close_date,
    judged."Created_Time" as created_at,
    case when judged.status in ('won', 'lost') then coalesce(entered.entered_at, judged."Closing_Date") end as closed_at,
    cast(try_cast(judged."Probability" as decimal(9, 4)) * 0.01 as decimal(9, 4)) as probability,
    case when judged.status = 'lost' then judged."Reason_For_Loss__s" end as lost_reason
from judged
left join entered on entered.deal_id = judged.id and entered.stage_name = judged."Stage"
