-- One lead. Without a status it is new: Zoho does not ask for one.
select
    _row_id,
    id as lead_id,
    "Created_Time" as created_at,
    "Lead_Source" as source,
    json_extract_string("Owner", '$.id') as owner_rep_code,
    case when "Converted__s" = 'true' then 'converted' else coalesce("Lead_Status", 'Not Contacted') end as status,
    "Converted_Date_Time" as converted_at,
    json_extract_string("Converted_Account", '$.id') as account_id,
    json_extract_string("Converted_Deal", '$.id') as opportunity_id
from leads
