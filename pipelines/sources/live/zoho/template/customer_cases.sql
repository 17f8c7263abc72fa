-- One case. Zoho's standard module tells neither a first reply nor when a case was closed.
select
    _row_id,
    id as case_id,
    json_extract_string("Account_Name", '$.id') as account_id,
    "Type" as case_type,
    "Priority" as severity,
    json_extract_string("Owner", '$.id') as rep_code,
    "Created_Time" as opened_at
from cases
