{#- Grain: KPI x variant x entity (company, channel, rep, team) x closed fiscal month:
    what this release says of it. The company's KPIs are those of the executive overview; of
    channels, reps and teams those whose parts add up over the rows of their marts. -#}
{%- set amounts = "cast(null as decimal(18, 4))" -%}
{%- set by_channel = [
    ('K01', 'main', 'gross_revenue', amounts, "'ok'"),
    ('K02', 'main', 'net_revenue', amounts, 'revenue_status'),
    ('K03', 'main', 'order_count', amounts, "'ok'"),
    ('K04', 'main', 'average_order_value_numerator', 'average_order_value_denominator', "'ok'"),
    ('K05', 'amount', 'gross_margin_amount', amounts, 'cost_status'),
    ('K05', 'ratio', 'gross_margin_numerator', 'gross_margin_denominator', 'cost_status'),
    ('K06', 'main', 'discount_numerator', 'discount_denominator', "'ok'"),
    ('K07', 'period', 'return_period_numerator', 'return_period_denominator', 'return_status'),
    ('K35', 'main', 'channel_roi_numerator', 'channel_roi_denominator', 'channel_cost_status'),
] -%}
{%- set by_rep = [
    ('K01', 'main', 'credited_gross_revenue', amounts, "'ok'"),
    ('K02', 'main', 'credited_net_revenue', amounts, 'revenue_status'),
    ('K05', 'amount', 'credited_margin_amount', amounts, 'revenue_status'),
    ('K10', 'main', 'attainment_numerator', 'attainment_denominator', 'quota_status'),
    ('K11', 'main', 'win_rate_numerator', 'win_rate_denominator', 'pipeline_status'),
    ('K12', 'main', 'win_value_numerator', 'win_value_denominator', 'pipeline_status'),
] %}

with channels as (
    select
        'channel' as entity_type,
        channels.channel_code as entity_code,
        channels.*
    from {{ ref('mart_channel_performance') }} as channels
    where channels.is_period_closed
),

reps as (
    select
        'rep' as entity_type,
        scorecard.rep_code as entity_code,
        scorecard.*
    from {{ ref('mart_rep_scorecard') }} as scorecard
    where scorecard.is_period_closed
    union all
    select
        'team' as entity_type,
        scorecard.team_code as entity_code,
        scorecard.*
    from {{ ref('mart_rep_scorecard') }} as scorecard
    where scorecard.is_period_closed
),

parts as (
    {%- for rows, kpis in [('channels', by_channel), ('reps', by_rep)] %}
        {%- for code, variant, numerator, denominator, status in kpis %}
            select
                '{{ code }}' as kpi_code,
                '{{ variant }}' as kpi_variant,
                entity_type,
                entity_code,
                fiscal_month,
                {{ 'true' if denominator == amounts else 'false' }} as is_amount,
                cast({{ numerator }} as decimal(38, 4)) as kpi_numerator,
                cast({{ denominator }} as decimal(38, 4)) as kpi_denominator,
                {{ status }} as kpi_status
            from {{ rows }}
            union all
        {%- endfor %}
    {%- endfor %}
    select
        cast(null as string) as kpi_code,
        cast(null as string) as kpi_variant,
        cast(null as string) as entity_type,
        cast(null as string) as entity_code,
        cast(null as string) as fiscal_month,
        cast(null as boolean) as is_amount,
        cast(null as decimal(38, 4)) as kpi_numerator,
        cast(null as decimal(38, 4)) as kpi_denominator,
        cast(null as string) as kpi_status
    where 1 = 0
),

sums as (
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        fiscal_month,
        is_amount,
        sum(kpi_numerator) as kpi_numerator,
        sum(kpi_denominator) as kpi_denominator,
        case
            when min(kpi_status) = max(kpi_status) then min(kpi_status)
            else 'partial'
        end as kpi_status
    from parts
    group by kpi_code, kpi_variant, entity_type, entity_code, fiscal_month, is_amount
)

select
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    fiscal_month as period_code,
    cast(case
        when is_amount then cast(kpi_numerator as decimal(28, 8))
        else {{ safe_ratio('kpi_numerator', 'kpi_denominator') }}
    end as decimal(28, 8)) as kpi_value,
    cast(kpi_numerator as decimal(28, 8)) as kpi_numerator,
    cast(kpi_denominator as decimal(28, 8)) as kpi_denominator,
    case when kpi_numerator is null then 'no_data' else kpi_status end as kpi_status
from sums
union all
select
    kpi_code,
    kpi_variant,
    'company' as entity_type,
    'company' as entity_code,
    fiscal_month as period_code,
    kpi_value,
    kpi_numerator,
    kpi_denominator,
    kpi_status
from {{ ref('mart_executive_overview') }}
where is_period_closed
