{{ config(meta={'rule': 'D05'}) }}
select
    rep_code as failing_key,
    hire_date,
    exit_date
from {{ ref('dim_sales_rep') }}
where exit_date < hire_date
