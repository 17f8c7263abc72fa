-- One account as it was at its last change.
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
where not exists (
    select 1 from accounts_deleted as gone
    where gone.id = accounts.id
        and cast(gone.deleted_time as timestamptz) >= cast(accounts."Modified_Time" as timestamptz)
)
