-- One account as it was at its last change; a deleted one stays, for what was done with it has been done.
select
    _row_id,
    id as account_id,
    "Account_Name" as name,
    json_extract_string("Parent_Account", '$.id') as parent_account_id,
    "Industry" as industry,
    "Billing_Country" as country,
    "Rating" as tier,
    json_extract_string("Owner", '$.id') as owner_rep_code,
    "Created_Time" as created_at
from accounts
