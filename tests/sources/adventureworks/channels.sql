-- The internet shop, and one leaf for each business type of reseller below one node; selling since the first order.
select
    min(_row_id) as _row_id,
    'internet' as channel_code,
    'Internet shop' as name,
    'ecommerce' as channel_type,
    cast(null as varchar) as parent_code,
    substr(min("OrderDate"), 1, 10) as valid_from
from internet_sales
union all
select
    min(_row_id) as _row_id,
    'reseller' as channel_code,
    'Resellers' as name,
    'distributor' as channel_type,
    cast(null as varchar) as parent_code,
    substr(min("OrderDate"), 1, 10) as valid_from
from reseller_sales
union all
select
    min(sales._row_id) as _row_id,
    'reseller_' || replace(lower(resellers."BusinessType"), ' ', '_') as channel_code,
    resellers."BusinessType" as name,
    'distributor' as channel_type,
    'reseller' as parent_code,
    substr(min(sales."OrderDate"), 1, 10) as valid_from
from reseller_sales as sales
inner join resellers on sales."ResellerKey" = resellers."ResellerKey"
group by resellers."BusinessType"
