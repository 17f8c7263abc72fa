{{ config(meta={'rule': 'D12'}) }}
select
    cast(date_day as string) as failing_key,
    next_day
from (
    select
        date_day,
        lead(date_day) over (order by date_day) as next_day
    from {{ ref('dim_date') }}
    where date_day is not null
) as spine
where next_day is not null and {{ days_between('date_day', 'next_day') }} <> 1
