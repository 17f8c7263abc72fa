-- One row per employee version that holds a sales territory (14 sales people; nobody else has one).
select
    employees._row_id,
    territories."SalesTerritoryRegion" as territory_code,
    employees."EmployeeKey" as rep_code,
    employees."StartDate" as valid_from,
    employees."EndDate" as valid_to
from employees
inner join territories on employees."SalesTerritoryKey" = territories."SalesTerritoryKey"
where territories."SalesTerritoryAlternateKey" <> '0'
