-- The shop sells in one way only: over its web site.
select
    min(_row_id) as _row_id,
    'online' as channel_code,
    'Online shop' as name,
    'ecommerce' as channel_type,
    substr(min("InvoiceDate"), 1, 10) as valid_from
from sales
