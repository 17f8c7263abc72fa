{#- Grain: entry of the carried ledger: its newest row, with the sums over all its rows
    and the day on which it was first posted. -#}

with carried as (
    select * from {{ ref('int_commission_carried') }}
),

sums as (
    select
        entry_key,
        max(event_no) as last_event_no,
        sum(amount) as sum_amount,
        sum(amount_reporting) as sum_amount_reporting,
        sum(coalesce(base_amount, 0)) as sum_base_amount,
        min(posting_date) as first_posting_date
    from carried
    group by entry_key
)

select
    carried.*,
    sums.sum_amount,
    sums.sum_amount_reporting,
    sums.sum_base_amount,
    sums.first_posting_date
from carried
inner join sums
    on
        carried.entry_key = sums.entry_key
        and carried.event_no = sums.last_event_no
