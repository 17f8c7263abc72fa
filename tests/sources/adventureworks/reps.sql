-- One row per version of an employee of Sales, of whom they report to, up to the top, and of the five employees
-- with several versions and their superiors, so that no history is lost. The rest of the company does not sell.
-- EmployeeKey numbers versions, so the person's first key is the code: stable, and unlike NationalIDNumber no
-- secret. Managers are named by their code, too. Who sells belongs to the team of his territory, a sales manager
-- to the group that his people sell in, everybody else to his department.
with recursive people as (
    select
        employees.*,
        cast(min(cast("EmployeeKey" as integer)) over person as varchar) as rep_code,
        count(*) over person as version_count
    from employees
    window person as (partition by "NationalIDNumber")
),

kept as (
    select rep_code, "ParentEmployeeKey"
    from people
    where "DepartmentName" = 'Sales' or version_count > 1
    union
    select managers.rep_code, managers."ParentEmployeeKey"
    from kept
    inner join people as managers on kept."ParentEmployeeKey" = managers."EmployeeKey"
),

territory_groups as (
    select
        people."ParentEmployeeKey",
        min(territories."SalesTerritoryGroup") as sales_group
    from people
    inner join territories on people."SalesTerritoryKey" = territories."SalesTerritoryKey"
    where territories."SalesTerritoryAlternateKey" <> '0'
    group by people."ParentEmployeeKey"
)

select
    people._row_id,
    people.rep_code,
    people."FirstName" || ' ' || people."LastName" as name,
    people."Title" as role_code,
    coalesce(
        territories."SalesTerritoryRegion", territory_groups.sales_group, people."DepartmentName"
    ) as team_code,
    managers.rep_code as manager_code,
    people."HireDate" as hire_date,
    sales_persons."CommissionPct" as commission_rate,
    people."StartDate" as valid_from
from people
left join people as managers on people."ParentEmployeeKey" = managers."EmployeeKey"
left join territories
    on people."SalesTerritoryKey" = territories."SalesTerritoryKey"
    and territories."SalesTerritoryAlternateKey" <> '0'
left join territory_groups on people."EmployeeKey" = territory_groups."ParentEmployeeKey"
left join oltp_employees on people."NationalIDNumber" = oltp_employees."NationalIDNumber"
left join oltp_sales_persons as sales_persons
    on oltp_employees."BusinessEntityID" = sales_persons."BusinessEntityID"
where people.rep_code in (select rep_code from kept)
