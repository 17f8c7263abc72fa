{#- Grain: master customer x fiscal month with a deal open on the day the month is
    judged, as the deals stood then. is_amount_known: the history gives the amount of
    every one of them; where not, their sum is not known. -#}
with months as (
    select
        fiscal_month,
        judged_date
    from {{ ref('int_fiscal_months_listed') }}
),

deals as (
    select
        snapshot_date,
        master_customer_code,
        amount_reporting,
        case when is_amount_known then 0 else 1 end as is_unknown
    from {{ ref('snap_opportunity_day') }}
    where state = 'open'
),

summed as (
    select
        deals.master_customer_code,
        months.fiscal_month,
        count(*) as open_opportunity_count,
        coalesce(sum(deals.amount_reporting), 0) as open_pipeline_amount,
        sum(deals.is_unknown) as unknown_count
    from deals
    inner join months on deals.snapshot_date = months.judged_date
    group by deals.master_customer_code, months.fiscal_month
)

select
    master_customer_code,
    fiscal_month,
    open_opportunity_count,
    case when unknown_count = 0 then open_pipeline_amount end as open_pipeline_amount,
    unknown_count = 0 as is_amount_known
from summed
