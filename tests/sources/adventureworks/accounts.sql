-- Resellers and internet customers. Both are numbered from one series (AW00000001 on, AW00011000 on), so their
-- numbers do not collide. Neither table says when an account was created.
select
    resellers._row_id,
    resellers."ResellerAlternateKey" as account_id,
    resellers."ResellerName" as name,
    resellers."BusinessType" as segment,
    territories."SalesTerritoryRegion" as region,
    geographies."CountryRegionCode" as country
from resellers
left join geographies on resellers."GeographyKey" = geographies."GeographyKey"
left join territories on geographies."SalesTerritoryKey" = territories."SalesTerritoryKey"
union all
select
    customers._row_id,
    customers."CustomerAlternateKey" as account_id,
    customers."FirstName" || ' ' || customers."LastName" as name,
    'Individual' as segment,
    territories."SalesTerritoryRegion" as region,
    geographies."CountryRegionCode" as country
from customers
left join geographies on customers."GeographyKey" = geographies."GeographyKey"
left join territories on geographies."SalesTerritoryKey" = territories."SalesTerritoryKey"
