{#- Grain: fiscal month, on the day it is judged. Open deals of the company, those
    expected to close in the quarter, and whether amount and expected close (is_known)
    and the owner too (is_attributed) of every open deal on that day are known. -#}
with months as (
    select
        fiscal_month,
        quarter_start_date,
        quarter_end_date,
        judged_date
    from {{ ref('int_fiscal_months_listed') }}
),

deals as (
    select
        snapshot_date,
        expected_close_date,
        amount_reporting,
        case when history_status = 'ok' then 0 else 1 end as is_unknown,
        case when history_status = 'ok' and is_owner_known then 0 else 1 end
            as is_unattributed
    from {{ ref('snap_opportunity_day') }}
    where state = 'open'
)

select
    months.fiscal_month,
    count(deals.snapshot_date) as open_count,
    coalesce(sum(
        case
            when
                deals.expected_close_date
                between months.quarter_start_date and months.quarter_end_date
                then deals.amount_reporting
        end
    ), 0) as quarter_open_amount,
    coalesce(sum(deals.is_unknown), 0) = 0 as is_known,
    coalesce(sum(deals.is_unattributed), 0) = 0 as is_attributed
from months
left join deals on months.judged_date = deals.snapshot_date
group by months.fiscal_month
