-- One row per customer number. 8 customers bought from two countries: the country of their first row counts.
select
    min(_row_id) as _row_id,
    "CustomerID" as customer_id,
    arg_min("Country", cast(_line as bigint)) as country
from sales
where "CustomerID" is not null
group by "CustomerID"
