{#- Grain: rep x team (of the day) x fiscal month with a deal open on the day the month
    is judged. Only months of which amount, expected close and owner of every open deal are
    known: a month known in part would show reps without deals. -#}
with months as (
    select
        months.fiscal_month,
        months.quarter_start_date,
        months.quarter_end_date,
        months.judged_date
    from {{ ref('int_fiscal_months_listed') }} as months
    inner join {{ ref('int_company_months_opened') }} as company
        on months.fiscal_month = company.fiscal_month
    where company.is_attributed
)

select
    coalesce(deals.owner_rep_code, {{ none_code() }}) as rep_code,
    deals.team_code,
    months.fiscal_month,
    count(*) as open_opportunity_count,
    coalesce(sum(deals.amount_reporting), 0) as open_pipeline_amount,
    coalesce(sum(case when deals.is_qualified then deals.amount_reporting end), 0)
        as qualified_pipeline_amount,
    coalesce(sum(case when deals.is_stale then deals.amount_reporting end), 0)
        as stale_pipeline_amount,
    coalesce(sum(
        case
            when
                deals.expected_close_date
                between months.quarter_start_date and months.quarter_end_date
                then deals.amount_reporting
        end
    ), 0) as quarter_open_amount
from {{ ref('snap_opportunity_day') }} as deals
inner join months on deals.snapshot_date = months.judged_date
where deals.state = 'open'
group by
    coalesce(deals.owner_rep_code, {{ none_code() }}),
    deals.team_code,
    months.fiscal_month
