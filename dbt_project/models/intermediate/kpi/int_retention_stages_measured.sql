{#- Grain: retention KPI (K22 to K24) of the company x closed month that was told with a
    value x stage (int_retention_stages_summed); the value is NULL where a line of the 24
    months has no plan rate, as in what is told. -#}

with told as (
    select
        kpi_code,
        kpi_variant,
        period_code
    from {{ ref('int_kpi_months_carried') }}
    where
        kpi_code in ('K22', 'K23', 'K24')
        and entity_type = 'company'
        and kpi_value is not null
),

months as (
    select distinct
        months.fiscal_month,
        months.month_index
    from {{ ref('int_fiscal_months_listed') }} as months
    inner join told on months.fiscal_month = told.period_code
),

windowed as (
    select
        staged.stage_no,
        months.fiscal_month,
        staged.master_customer_code <> {{ unknown_code() }} as is_customer,
        {%- for name, first, last in [('now', 11, 0), ('then', 23, 12)] %}
            {%- for measure in ['placed_count', 'revenue'] %}
                sum(
                    case
                        when
                            staged.month_index between months.month_index - {{ first }}
                            and months.month_index - {{ last }}
                            then staged.{{ measure }}
                        else 0
                    end
                ) as {{ measure }}_{{ name }},
            {%- endfor %}
        {%- endfor %}
        sum(staged.unconverted_count) as unconverted_count
    from months
    inner join {{ ref('int_retention_stages_summed') }} as staged
        on
            staged.month_index between months.month_index - 23
            and months.month_index
    group by staged.stage_no, months.fiscal_month, staged.master_customer_code
),

parts as (
    select
        stage_no,
        fiscal_month,
        sum(
            case
                when is_customer and placed_count_then > 0 and placed_count_now > 0
                    then 1
                else 0
            end
        ) as k22_numerator,
        sum(case when is_customer and placed_count_then > 0 then 1 else 0 end)
            as k22_denominator,
        sum(
            case
                when is_customer and revenue_then > 0
                    then greatest(0, least(revenue_now, revenue_then))
                else 0
            end
        ) as k23_numerator,
        sum(case when is_customer and revenue_then > 0 then revenue_now else 0 end)
            as k24_numerator,
        sum(case when is_customer and revenue_then > 0 then revenue_then else 0 end)
            as revenue_denominator,
        sum(unconverted_count) as unconverted_count
    from windowed
    group by stage_no, fiscal_month
)

select
    told.kpi_code,
    told.kpi_variant,
    told.period_code,
    parts.stage_no,
    case told.kpi_code
        when 'K22'
            then {{ safe_ratio('parts.k22_numerator', 'parts.k22_denominator') }}
        when 'K23'
            then
                case
                    when parts.unconverted_count = 0
                        then {{ safe_ratio(
                            'parts.k23_numerator', 'parts.revenue_denominator'
                        ) }}
                end
        else
            case
                when parts.unconverted_count = 0
                    then {{ safe_ratio(
                        'parts.k24_numerator', 'parts.revenue_denominator'
                    ) }}
            end
    end as kpi_value
from told
inner join parts on told.period_code = parts.fiscal_month
