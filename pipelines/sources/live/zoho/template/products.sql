-- One product as it was at its last change, deleted or not; its price is in the org's own currency.
select
    _row_id,
    id as product_id,
    "Product_Name" as name,
    "Product_Category" as category_path,
    "Unit_Price" as catalogue_price,
    null as currency,
    "Sales_Start_Date" as launch_date
from products
