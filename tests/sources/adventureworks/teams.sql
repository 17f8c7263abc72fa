-- Sales territories below their group, groups below the department Sales, and the other departments.
-- A territory and its group are led by whom its sales people report to.
with leaders as (
    select
        territories."SalesTerritoryGroup",
        min(employees."ParentEmployeeKey") as manager_code
    from territories
    inner join employees on territories."SalesTerritoryKey" = employees."SalesTerritoryKey"
    where territories."SalesTerritoryAlternateKey" <> '0'
    group by territories."SalesTerritoryGroup"
)

select
    territories._row_id,
    territories."SalesTerritoryRegion" as team_code,
    territories."SalesTerritoryGroup" as parent_code,
    leaders.manager_code,
    territories."SalesTerritoryRegion" as territory_codes
from territories
left join leaders on territories."SalesTerritoryGroup" = leaders."SalesTerritoryGroup"
where territories."SalesTerritoryAlternateKey" <> '0'
union all
select
    min(territories._row_id) as _row_id,
    territories."SalesTerritoryGroup" as team_code,
    'Sales' as parent_code,
    min(leaders.manager_code) as manager_code,
    cast(null as varchar) as territory_codes
from territories
left join leaders on territories."SalesTerritoryGroup" = leaders."SalesTerritoryGroup"
where territories."SalesTerritoryAlternateKey" <> '0'
group by territories."SalesTerritoryGroup"
union all
select
    min(_row_id) as _row_id,
    "DepartmentName" as team_code,
    cast(null as varchar) as parent_code,
    cast(null as varchar) as manager_code,
    cast(null as varchar) as territory_codes
from employees
group by "DepartmentName"
