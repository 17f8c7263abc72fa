{#- Grain: KPI x variant x fiscal month: K94 and its twin of touches, and K67 with base
    pay, of the company: the row (all) of mart_team_productivity. What is suppressed there
    has no parts here. -#}
{%- set kpis = [
    ('K94', 'main', 'credited_net_revenue', 'headcount_average', 'active_rep_count',
        'productivity_status'),
    ('K94', 'touches', 'two_way_touch_count', 'active_day_count', 'active_rep_count',
        'touch_status'),
    ('K67', 'with_base_pay', 'pay_amount', 'paid_net_revenue', 'base_pay_rep_count',
        'pay_status'),
] %}

with company as (
    select
        fiscal_month,
        active_rep_count,
        credited_net_revenue,
        headcount_average,
        two_way_touch_count,
        active_day_count,
        base_pay_rep_count,
        pay_amount,
        paid_net_revenue,
        productivity_status,
        touch_status,
        pay_status
    from {{ ref('int_team_months_produced') }}
    where team_code = {{ all_code() }}
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
        from company
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
