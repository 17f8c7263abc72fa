{#- Grain: fiscal month at whose end a market period is over. K33 of the newest such
    period, latest estimates, over all cells; of periods that end together the
    longest. -#}
with months as (
    select
        fiscal_month,
        judged_date
    from {{ ref('int_fiscal_months_listed') }}
),

periods as (
    select
        period_start_date,
        period_end_date,
        sum(net_revenue_market_price) as share_numerator,
        sum(market_size_amount) as share_denominator,
        count(*) as cell_count,
        max(case when market_status = 'partial' then 1 else 0 end) as is_partial
    from {{ ref('int_market_cells_measured') }}
    where is_latest_version and market_status in ('ok', 'partial')
    group by period_start_date, period_end_date
),

ranked as (
    select
        months.fiscal_month,
        periods.share_numerator,
        periods.share_denominator,
        periods.cell_count,
        periods.is_partial,
        row_number() over (
            partition by months.fiscal_month
            order by
                periods.period_end_date desc nulls last,
                periods.period_start_date asc nulls last
        ) as period_rank
    from months
    inner join periods on months.judged_date >= periods.period_end_date
)

select
    fiscal_month,
    share_numerator,
    share_denominator,
    cell_count,
    case when is_partial = 1 then 'partial' else 'ok' end as market_status
from ranked
where period_rank = 1
