-- Where a contact belongs, as told at its last change. One that was deleted stays: what was said to it counts still.
select
    _row_id,
    id as contact_id,
    case
        when "Account_Name" is not null then 'customer'
        when "Vendor_Name" is not null then 'supplier'
    end as party_type,
    json_extract_string(coalesce("Account_Name", "Vendor_Name"), '$.id') as account_id
from contacts
