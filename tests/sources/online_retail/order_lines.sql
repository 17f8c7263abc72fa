-- One row per file row that is no cancellation.
-- What a line is:
--   postage and carriage (POST, DOT, C2)                                    -> freight
--   charges of third parties (AMAZONFEE, BANK CHARGES, CRUK)                -> fee
--   manual entries, discounts, samples, pads, bad debt (M, D, S, PADS, B)   -> adjustment
--   price 0 and quantity below 0: stock written off                         -> adjustment
--   price 0 in an invoice without customer and without any price: stock found or corrected -> adjustment
--   price 0 elsewhere: goods given free of charge                           -> product
with invoices as (
    select
        "InvoiceNo",
        bool_or(cast("UnitPrice" as decimal(18, 3)) <> 0) as has_price,
        bool_or("CustomerID" is not null) as has_customer
    from sales
    group by "InvoiceNo"
)

select
    sales._row_id,
    sales._line as line_id,
    sales."InvoiceNo" as order_id,
    sales."StockCode" as product_id,
    sales."Quantity" as quantity,
    sales."UnitPrice" as unit_price,
    cast(cast(sales."Quantity" as bigint) * cast(sales."UnitPrice" as decimal(18, 3)) as varchar) as net_amount,
    case
        when upper(sales."StockCode") in ('POST', 'DOT', 'C2') then 'freight'
        when upper(sales."StockCode") in ('AMAZONFEE', 'BANK CHARGES', 'CRUK') then 'fee'
        when upper(sales."StockCode") in ('M', 'D', 'S', 'PADS', 'B') then 'adjustment'
        when cast(sales."UnitPrice" as decimal(18, 3)) <> 0 then 'product'
        when cast(sales."Quantity" as bigint) < 0 then 'adjustment'
        when not invoices.has_price and not invoices.has_customer then 'adjustment'
        else 'product'
    end as line_type
from sales
inner join invoices on sales."InvoiceNo" = invoices."InvoiceNo"
where sales."InvoiceNo" not like 'C%'
