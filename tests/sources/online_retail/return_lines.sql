-- One row per line of a cancellation (invoice number with C): all have a negative quantity and a positive price.
-- Which invoice a cancellation takes back is not in the file, so the original line is unknown.
select
    _row_id,
    _line as line_id,
    "InvoiceNo" as return_id,
    substr("InvoiceDate", 1, 10) as return_date,
    cast(-cast("Quantity" as bigint) as varchar) as quantity,
    cast(-cast("Quantity" as bigint) * cast("UnitPrice" as decimal(18, 3)) as varchar) as net_amount,
    "CustomerID" as customer_id,
    "StockCode" as product_id,
    case
        when upper("StockCode") in ('POST', 'DOT', 'C2') then 'freight'
        when upper("StockCode") in ('AMAZONFEE', 'BANK CHARGES', 'CRUK') then 'fee'
        when upper("StockCode") in ('M', 'D', 'S', 'PADS', 'B') then 'adjustment'
        else 'product'
    end as line_type
from sales
where "InvoiceNo" like 'C%'
