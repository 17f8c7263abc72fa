-- One row per invoice that is no cancellation (those are returns). An invoice has one customer, one country and
-- one day; 43 invoices were keyed over the turn of a minute: the first minute counts.
select
    min(_row_id) as _row_id,
    "InvoiceNo" as order_id,
    min("InvoiceDate") as invoiced_at,
    min("CustomerID") as customer_id
from sales
where "InvoiceNo" not like 'C%'
group by "InvoiceNo"
