{#- Grain: KPI x variant x fiscal month: K67 of the company, variable pay by earn date
    over net revenue. Without any row in the ledger nothing is known; else a month without
    pay is 0. -#}
with months as (
    select
        fiscal_month,
        net_revenue
    from {{ ref('int_company_months_summed') }}
),

paid as (
    select
        fiscal_month,
        sum(commission_accrued_amount) as accrued_amount,
        count(distinct rep_code) as payee_count
    from {{ ref('int_rep_months_paid') }}
    group by fiscal_month
),

ledger as (
    select count(*) as month_count from paid
),

company as (
    select revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
)

select
    months.fiscal_month,
    'K67' as kpi_code,
    'main' as kpi_variant,
    cast(
        case when ledger.month_count > 0 then coalesce(paid.accrued_amount, 0) end
        as decimal(38, 4)
    ) as kpi_numerator,
    cast(
        case when ledger.month_count > 0 then months.net_revenue end as decimal(38, 4)
    ) as kpi_denominator,
    cast(coalesce(paid.payee_count, 0) as bigint) as sample_count,
    case when ledger.month_count > 0 then company.revenue_status else 'no_data' end
        as kpi_status
from months
cross join ledger
cross join company
left join paid on months.fiscal_month = paid.fiscal_month
