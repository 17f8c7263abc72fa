{{ config(materialized='view') }}
{#- One day of the settings' calendar region that departs from the Monday to Friday
    week. Of several sources, or of rows that contradict each other, the newest received
    holds. -#}

with ranked as (
    select
        holiday_date,
        is_workday,
        name,
        row_number() over (
            partition by holiday_date
            order by received_at desc nulls last, row_id asc nulls last
        ) as newest_rank
    from {{ ref('stg_market__holidays') }}
    where region = '{{ var("calendar_region") }}'
)

select
    holiday_date,
    is_workday,
    name
from ranked
where newest_rank = 1
