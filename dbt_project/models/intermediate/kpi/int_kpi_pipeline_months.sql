{#- Grain: KPI x variant x fiscal month: K10 (quarter to date), K11, K16 (state on
    the day the month is judged) of the company. -#}
{%- set kpis = [
    ('K10', 'company', 'credited_to_date', 'quota_to_date', 'quota_count', 'attainment_status'),
    ('K11', 'main', 'won_count', 'closed_count', 'closed_count', 'win_status'),
    ('K16', 'a', 'left_open_amount', 'left_amount', 'open_count', 'left_status'),
    ('K16', 'b', 'quarter_open_amount', 'quarter_quota', 'open_count', 'quarter_status'),
] %}

with credited as (
    select
        fiscal_month,
        sum(planned_net_revenue) as planned_net_revenue,
        sum(planned_gross_revenue) as planned_gross_revenue,
        sum(credited_margin_amount) as credited_margin_amount
    from {{ ref('int_rep_months_credited') }}
    group by fiscal_month
),

dealt as (
    select
        fiscal_month,
        sum(won_count) as won_count,
        sum(lost_count) as lost_count,
        sum(won_amount) as won_amount
    from {{ ref('int_rep_months_dealt') }}
    group by fiscal_month
),

opened as (
    select
        fiscal_month,
        open_count,
        quarter_open_amount,
        is_known
    from {{ ref('int_company_months_opened') }}
),

quotas as (
    select
        fiscal_month,
        quota_metric,
        quota_to_date,
        quarter_quota
    from {{ ref('int_company_quotas_prorated') }}
),

months as (
    select
        fiscal_month,
        fiscal_quarter,
        month_index
    from {{ ref('int_fiscal_months_listed') }}
),

feeds as (
    select
        has_opportunities,
        has_plan_rates
    from {{ ref('int_feeds_filled') }}
),

joined as (
    select
        months.fiscal_month,
        quotas.quota_to_date,
        quotas.quarter_quota,
        feeds.has_opportunities,
        feeds.has_plan_rates,
        opened.is_known
        and feeds.has_opportunities
        and quotas.quarter_quota is not null as is_covered,
        coalesce(dealt.won_count, 0) as won_count,
        coalesce(dealt.won_count + dealt.lost_count, 0) as closed_count,
        opened.quarter_open_amount as open_amount,
        opened.open_count,
        sum(
            case quotas.quota_metric
                when 'net_revenue' then credited.planned_net_revenue
                when 'gross_revenue' then credited.planned_gross_revenue
                else credited.credited_margin_amount
            end
        ) over quarter_to_date as credited_to_date,
        quotas.quarter_quota - coalesce(sum(dealt.won_amount) over quarter_to_date, 0)
            as left_amount
    from months
    cross join feeds
    inner join opened on months.fiscal_month = opened.fiscal_month
    left join credited on months.fiscal_month = credited.fiscal_month
    left join dealt on months.fiscal_month = dealt.fiscal_month
    left join quotas on months.fiscal_month = quotas.fiscal_month
    window
        quarter_to_date as (
            partition by months.fiscal_quarter order by months.month_index nulls last
            rows between unbounded preceding and current row
        )
),

judged as (
    select
        fiscal_month,
        case when quota_to_date is not null then coalesce(credited_to_date, 0) end
            as credited_to_date,
        quota_to_date,
        case when quota_to_date is null then 0 else 1 end as quota_count,
        case
            when quota_to_date is null then 'no_data'
            when not has_plan_rates then 'partial'
            else 'ok'
        end as attainment_status,
        case when has_opportunities then won_count end as won_count,
        case when has_opportunities then closed_count end as closed_count,
        case
            when not has_opportunities then 'no_data'
            when closed_count < {{ definition('low_n') }} then 'low_n'
            else 'ok'
        end as win_status,
        open_count,
        case when is_covered and left_amount > 0 then open_amount end
            as left_open_amount,
        case when is_covered and left_amount > 0 then left_amount end as left_amount,
        case
            when not is_covered then 'no_data'
            when left_amount <= 0 then 'not_estimable'
            else 'ok'
        end as left_status,
        case when is_covered then open_amount end as quarter_open_amount,
        case when is_covered then quarter_quota end as quarter_quota,
        case when is_covered then 'ok' else 'no_data' end as quarter_status
    from joined
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
