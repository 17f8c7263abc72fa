{#- Grain: KPI x variant x fiscal month: K01 to K08 and K35 of the company, from the
    parts of its channels (a ratio of the company is sum / sum). Amounts have no
    denominator. -#}
{%- set kpis = [
    ('K01', 'main', 'gross_revenue', 'null', 'order_line_count', "'ok'"),
    ('K02', 'main', 'net_revenue', 'null', 'order_line_count', 'revenue_status'),
    ('K03', 'main', 'order_count', 'null', 'order_count', "'ok'"),
    ('K04', 'main', 'ordered_net_revenue', 'order_count', 'order_count', 'discount_status'),
    ('K05', 'amount', 'gross_margin_amount', 'null', 'order_line_count', 'cost_status'),
    ('K05', 'ratio', 'gross_margin_amount', 'costed_net_revenue', 'order_line_count', 'cost_status'),
    ('K06', 'main', 'charged_discount_amount', 'charged_gross_revenue', 'order_line_count',
        'discount_rate_status'),
    ('K07', 'cohort', 'cohort_return_amount', 'returnable_net_revenue', 'order_line_count',
        'return_status'),
    ('K07', 'period', 'return_amount', 'returnable_net_revenue', 'order_line_count', 'return_status'),
    ('K08', 'year', 'growth_year_amount', 'prior_year_net_revenue', 'order_line_count',
        'growth_year_status'),
    ('K08', 'month', 'growth_month_amount', 'prior_month_net_revenue', 'order_line_count',
        'growth_month_status'),
    ('K35', 'main', 'contribution_amount', 'total_channel_cost_amount', 'channel_count',
        'channel_cost_status'),
] %}

with sums as (
    select
        fiscal_month,
        month_index,
        full_month_count,
        channel_count,
        gross_revenue,
        net_revenue,
        ordered_net_revenue,
        order_count,
        order_line_count,
        return_amount,
        cohort_return_amount,
        charged_discount_amount,
        charged_gross_revenue,
        costed_net_revenue,
        gross_margin_amount,
        total_channel_cost_amount
    from {{ ref('int_company_months_summed') }}
),

company as (
    select
        has_discounts,
        revenue_status,
        return_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

compared as (
    select
        sums.*,
        sums.gross_margin_amount
        - sums.total_channel_cost_amount as contribution_amount,
        case
            when
                sums.full_month_count > 1 and month_ago.net_revenue > 0
                then month_ago.net_revenue
        end as prior_month_net_revenue,
        case
            when
                sums.full_month_count > 12 and year_ago.net_revenue > 0
                then year_ago.net_revenue
        end as prior_year_net_revenue,
        company.revenue_status,
        company.return_status,
        case when company.has_discounts then 'ok' else 'partial' end as discount_status,
        case when company.has_discounts then 'ok' else 'no_data' end
            as discount_rate_status,
        case
            when sums.gross_margin_amount is null then 'no_data'
            when
                {{ safe_ratio('sums.costed_net_revenue', 'sums.net_revenue') }}
                < {{ definition('cost_coverage_minimum') }}
                then 'partial'
            else company.revenue_status
        end as cost_status,
        case
            when
                sums.gross_margin_amount is null
                or sums.total_channel_cost_amount is null
                then 'no_data'
            else 'partial'
        end as channel_cost_status
    from sums
    cross join company
    left join sums as month_ago on sums.month_index - 1 = month_ago.month_index
    left join sums as year_ago on sums.month_index - 12 = year_ago.month_index
),

judged as (
    select
        compared.*,
        compared.net_revenue - compared.prior_month_net_revenue as growth_month_amount,
        compared.net_revenue - compared.prior_year_net_revenue as growth_year_amount,
        case
            when compared.return_status <> 'no_data' then compared.ordered_net_revenue
        end as returnable_net_revenue,
        case
            when compared.prior_month_net_revenue is null then 'no_data'
            else compared.revenue_status
        end as growth_month_status,
        case
            when compared.prior_year_net_revenue is null then 'no_data'
            else compared.revenue_status
        end as growth_year_status
    from compared
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
