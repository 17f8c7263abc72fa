{{ config(materialized='view') }}
{#- One currency that the settings or some judged row names. -#}

select '{{ var("reporting_currency") }}' as currency_code
union distinct
select currency as currency_code
from {{ ref('int_rows_judged') }}
where currency is not null and currency <> ''
