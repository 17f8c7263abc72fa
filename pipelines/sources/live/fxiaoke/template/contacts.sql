-- 联系人. One that vanished or became invalid (作废) stays: what was said to it counts still.
select
    _row_id,
    "_id" as contact_id,
    "account_id" as account_id
from contacts
