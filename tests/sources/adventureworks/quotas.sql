-- A quota holds from its Date to the day before the same person's next one, whatever quarter its label names.
-- Quotas are set by the quarter, so the last one holds for three months.
select
    _row_id,
    "EmployeeKey" as owner_code,
    substr("Date", 1, 10) as valid_from,
    cast(
        cast(
            coalesce(
                lead(cast(substr("Date", 1, 10) as date)) over (
                    partition by "EmployeeKey" order by substr("Date", 1, 10)
                ),
                cast(substr("Date", 1, 10) as date) + interval 3 month
            ) - interval 1 day as date
        ) as varchar
    ) as valid_to,
    "SalesAmountQuota" as amount
from sales_quotas
