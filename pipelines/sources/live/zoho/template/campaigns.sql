-- One campaign. Without a first day it is set aside.
select
    _row_id,
    id as campaign_id,
    "Campaign_Name" as name,
    "Start_Date" as valid_from,
    "End_Date" as valid_to,
    "Actual_Cost" as cost_amount,
    "Currency" as currency
from campaigns
