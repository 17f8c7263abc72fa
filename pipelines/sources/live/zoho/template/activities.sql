-- Calls and meetings; a meeting with a check-in was a visit. What_Id and Who_Id do not always say what they are, so
-- their ids are looked up; a Who_Id that is no lead is a contact, whose account its own feed knows. One that was
-- planned ahead and not touched since is left out: nobody says that it took place.
with touches as (
    select
        _row_id, id, "Owner", "What_Id", "Who_Id", "Created_Time", "Modified_Time",
        "Call_Start_Time" as begun_at,
        'call' as kind,
        case "Call_Type" when 'Outbound' then 'outbound' else 'inbound' end as direction,
        case
            when "Call_Type" = 'Missed' or "Call_Result" in ('No response/Busy', 'Invalid number', 'No Answer') then 'no'
            when "Call_Result" is not null then 'yes'
        end as is_connected
    from calls
    union all
    select
        _row_id, id, "Owner", "What_Id", "Who_Id", "Created_Time", "Modified_Time",
        "Start_DateTime",
        case when "Check_In_Time" is not null then 'visit' else 'meeting' end,
        'outbound',
        null
    from events
), named as (
    select
        *,
        json_extract_string("What_Id", '$.id') as about_id,
        json_extract_string("Who_Id", '$.id') as with_id
    from touches
    where begun_at is null or cast(begun_at as timestamptz) <= cast("Modified_Time" as timestamptz)
), known_deals as (
    select id, arg_max(json_extract_string("Account_Name", '$.id'), _file) as account_id from deals group by id
), known_accounts as (
    select distinct id from accounts
), known_leads as (
    select distinct id from leads
)
select
    named._row_id,
    named.id as activity_id,
    named.begun_at as occurred_at,
    case
        when cast(named."Created_Time" as timestamptz) >= cast(named.begun_at as timestamptz) then named."Created_Time"
    end as logged_at,
    named.kind as activity_type,
    named.direction,
    'person' as created_by_type,
    json_extract_string(named."Owner", '$.id') as rep_code,
    case
        when coalesce(known_accounts.id, known_deals.account_id) is not null then 'customer'
        when known_leads.id is not null then 'lead'
        when named.with_id is not null then 'contact'
    end as party_type,
    coalesce(known_accounts.id, known_deals.account_id, known_leads.id, named.with_id) as party_id,
    known_deals.id as opportunity_id,
    known_leads.id as lead_id,
    named.is_connected
from named
left join known_deals on known_deals.id = named.about_id
left join known_accounts on known_accounts.id = named.about_id
left join known_leads on known_leads.id = named.with_id
