-- One row per order of both sales tables; all lines of an order carry the same dates, party and seller.
-- A reseller sale is credited to its sales person; an internet sale has none.
select
    min(sales._row_id) as _row_id,
    sales."SalesOrderNumber" as order_id,
    min(sales."OrderDate") as order_date,
    min(sales."ShipDate") as shipped_at,
    min(resellers."ResellerAlternateKey") as customer_id,
    'reseller_' || replace(lower(min(resellers."BusinessType")), ' ', '_') as channel_code,
    min(sales."EmployeeKey") as owner_rep_code
from reseller_sales as sales
left join resellers on sales."ResellerKey" = resellers."ResellerKey"
group by sales."SalesOrderNumber"
union all
select
    min(sales._row_id) as _row_id,
    sales."SalesOrderNumber" as order_id,
    min(sales."OrderDate") as order_date,
    min(sales."ShipDate") as shipped_at,
    min(customers."CustomerAlternateKey") as customer_id,
    'internet' as channel_code,
    cast(null as varchar) as owner_rep_code
from internet_sales as sales
left join customers on sales."CustomerKey" = customers."CustomerKey"
group by sales."SalesOrderNumber"
