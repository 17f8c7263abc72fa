-- One order in its latest state. Zoho has no date of an order: it is the day on which the record was made, by the clock
-- of the org, in whose offset times are told. Net is before taxes and before what Zoho names an adjustment.
select
    _row_id,
    id as order_id,
    substr("Created_Time", 1, 10) as order_date,
    "Status" as status,
    json_extract_string("Account_Name", '$.id') as customer_id,
    json_extract_string("Owner", '$.id') as owner_rep_code,
    json_extract_string("Deal_Name", '$.id') as opportunity_id,
    "Currency" as currency,
    "Discount" as header_discount,
    try_cast("Sub_Total" as decimal(18, 4)) - coalesce(try_cast("Discount" as decimal(18, 4)), 0) as net_amount
from sales_orders
where not exists (
    select 1 from sales_orders_deleted as gone
    where gone.id = sales_orders.id
        and cast(gone.deleted_time as timestamptz) >= cast(sales_orders."Modified_Time" as timestamptz)
)
