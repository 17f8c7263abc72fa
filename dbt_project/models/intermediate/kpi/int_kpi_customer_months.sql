{#- Grain: KPI x variant x fiscal month: K22 to K24 (twelve months to t), K33 (newest
    market period over at t), K40 and K41 (three months to t) of the company. -#}
{%- set kpis = [
    ('K22', 'main', 'logo_numerator', 'logo_denominator', 'logo_denominator', 'logo_status'),
    ('K23', 'main', 'gross_numerator', 'revenue_denominator', 'customer_count', 'revenue_status'),
    ('K24', 'main', 'net_numerator', 'revenue_denominator', 'customer_count', 'revenue_status'),
    ('K33', 'main', 'share_numerator', 'share_denominator', 'cell_count', 'market_status'),
    ('K40', 'main', 'satisfied_count', 'csat_count', 'csat_count', 'csat_status'),
    ('K41', 'main', 'nps_balance', 'nps_count', 'nps_count', 'nps_status'),
] %}

with months as (
    select
        fiscal_month,
        full_month_count >= 24 as is_mature
    from {{ ref('int_fiscal_months_listed') }}
),

retained as (
    select
        fiscal_month,
        sum(logo_retention_numerator) as logo_numerator,
        sum(logo_retention_denominator) as logo_denominator,
        sum(gross_retention_numerator) as gross_numerator,
        sum(net_retention_numerator) as net_numerator,
        sum(revenue_retention_denominator) as revenue_denominator,
        count(case when revenue_retention_denominator > 0 then 1 end) as customer_count,
        count(case when retention_status = 'no_data' then 1 end) as unconverted_count,
        count(case when retention_status = 'partial' then 1 end) as fallback_count
    from {{ ref('int_customer_months_retained') }}
    group by fiscal_month
),

answered as (
    select
        fiscal_month,
        csat_count,
        satisfied_count,
        nps_count,
        nps_balance
    from {{ ref('int_company_months_answered') }}
),

placed as (
    select
        fiscal_month,
        share_numerator,
        share_denominator,
        cell_count,
        market_status
    from {{ ref('int_company_months_placed') }}
),

company as (
    select revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

judged as (
    select
        months.fiscal_month,
        retained.logo_numerator,
        retained.logo_denominator,
        case when retained.unconverted_count = 0 then retained.gross_numerator end
            as gross_numerator,
        case when retained.unconverted_count = 0 then retained.net_numerator end
            as net_numerator,
        case when retained.unconverted_count = 0 then retained.revenue_denominator end
            as revenue_denominator,
        retained.customer_count,
        answered.csat_count,
        answered.satisfied_count,
        answered.nps_count,
        answered.nps_balance,
        placed.share_numerator,
        placed.share_denominator,
        placed.cell_count,
        coalesce(placed.market_status, 'no_data') as market_status,
        case
            when not months.is_mature then 'immature'
            when retained.logo_denominator < {{ definition('low_n') }} then 'low_n'
            else 'ok'
        end as logo_status,
        case
            when not months.is_mature then 'immature'
            when retained.unconverted_count > 0 then 'no_data'
            when retained.customer_count < {{ definition('low_n') }} then 'low_n'
            when retained.fallback_count > 0 then 'partial'
            else company.revenue_status
        end as revenue_status,
        case
            when answered.csat_count is null then 'no_data'
            when answered.csat_count < {{ definition('low_n') }} then 'low_n'
            else 'ok'
        end as csat_status,
        case
            when answered.nps_count is null then 'no_data'
            when answered.nps_count < {{ definition('low_n') }} then 'low_n'
            else 'ok'
        end as nps_status
    from months
    cross join company
    inner join answered on months.fiscal_month = answered.fiscal_month
    left join retained on months.fiscal_month = retained.fiscal_month
    left join placed on months.fiscal_month = placed.fiscal_month
),

listed as (
    {%- for code, variant, numerator, denominator, sample, status in kpis %}
        select
            fiscal_month,
            '{{ code }}' as kpi_code,
            '{{ variant }}' as kpi_variant,
            cast({{ numerator }} as decimal(38, 4)) as kpi_numerator,
            cast({{ denominator }} as decimal(38, 4)) as kpi_denominator,
            cast({{ sample }} as bigint) as sample_count,
            {{ status }} as kpi_status
        from judged
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    fiscal_month,
    kpi_code,
    kpi_variant,
    kpi_numerator,
    kpi_denominator,
    sample_count,
    kpi_status
from listed
