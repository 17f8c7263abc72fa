{#- Grain: team x fiscal month, and one row (all) a month, the company.
    Not additive: everything (distinct people of overlapping periods); (all) repeats its
    teams. K70 is the fiscal quarter to date, K71 twelve months, K72 follows the month's
    members for twelve months. A group of fewer than five, or one that all less the shown
    teams would tell of, is NULL and suppressed (P03); retention_difference_points is an
    association, never a cause.
    Rule: K70, K71, K72 of quality/metrics.yml, owner people. Source: dim_sales_rep,
    fct_recognition, fct_promotion, fct_hr_event. -#}
{%- set groups = [
    'recognition', 'promotion', 'time_in_grade', 'retention_recognised', 'retention_other',
] %}

with recognised as (
    select
        team_code,
        fiscal_month,
        headcount,
        recognised_count,
        gini_numerator,
        gini_denominator
    from {{ ref('int_team_months_recognised') }}
),

promoted as (
    select
        team_code,
        fiscal_month,
        headcount_average,
        promotion_count,
        graded_count,
        grade_days
    from {{ ref('int_team_months_promoted') }}
),

kept as (
    select
        team_code,
        fiscal_month,
        recognised_count,
        recognised_kept_count,
        other_count,
        other_kept_count
    from {{ ref('int_team_months_kept') }}
),

judged as (
    select
        team_code,
        fiscal_month,
    {%- for group in groups %}
        max(case when group_code = '{{ group }}' then group_status end)
            as {{ group }}_status{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('int_team_groups_judged') }}
    group by team_code, fiscal_month
),

months as (
    select
        fiscal_month,
        fiscal_quarter,
        is_period_closed
    from {{ ref('int_fiscal_months_listed') }}
),

known as (
    select
        judged.*,
        coalesce(recognised.headcount, 0) as headcount,
        {%- for group, columns in [
            ('recognition', ['recognised.recognised_count', 'recognised.headcount',
                'recognised.gini_numerator', 'recognised.gini_denominator']),
            ('promotion', ['promoted.promotion_count', 'promoted.headcount_average']),
            ('time_in_grade', ['promoted.grade_days', 'promoted.graded_count']),
            ('retention_recognised', ['kept.recognised_kept_count', 'kept.recognised_count']),
            ('retention_other', ['kept.other_kept_count', 'kept.other_count']),
        ] %}
            {%- for column in columns %}
                case when judged.{{ group }}_status = 'ok' then {{ column }} end
                    as {{ column | replace('.', '_') }},
            {%- endfor %}
        {%- endfor %}
        months.fiscal_quarter,
        months.is_period_closed
    from judged
    inner join months on judged.fiscal_month = months.fiscal_month
    left join recognised
        on
            judged.team_code = recognised.team_code
            and judged.fiscal_month = recognised.fiscal_month
    left join promoted
        on
            judged.team_code = promoted.team_code
            and judged.fiscal_month = promoted.fiscal_month
    left join kept
        on
            judged.team_code = kept.team_code
            and judged.fiscal_month = kept.fiscal_month
)

select
    {{ as_of() }} as as_of_date,
    team_code,
    fiscal_month,
    fiscal_quarter,
    is_period_closed,
    cast(headcount as bigint) as headcount,
    cast(recognised_recognised_count as decimal(18, 4))
        as recognition_coverage_numerator,
    cast(recognised_headcount as decimal(18, 4)) as recognition_coverage_denominator,
    {{ safe_ratio('recognised_recognised_count', 'recognised_headcount') }}
        as recognition_coverage_ratio,
    cast(recognised_gini_numerator as decimal(18, 4)) as recognition_gini_numerator,
    cast(recognised_gini_denominator as decimal(18, 4)) as recognition_gini_denominator,
    {{ safe_ratio('recognised_gini_numerator', 'recognised_gini_denominator') }}
        as recognition_gini_ratio,
    cast(promoted_promotion_count as decimal(18, 4)) as promotion_numerator,
    cast(promoted_headcount_average as decimal(18, 4)) as promotion_denominator,
    {{ safe_ratio('promoted_promotion_count', 'promoted_headcount_average') }}
        as promotion_ratio,
    {{ average_of('promoted_grade_days', 'promoted_graded_count') }}
        as time_in_grade_days,
    cast(promoted_grade_days as decimal(18, 4)) as time_in_grade_days_numerator,
    cast(promoted_graded_count as decimal(18, 4)) as time_in_grade_days_denominator,
    cast(kept_recognised_kept_count as decimal(18, 4))
        as retention_recognised_numerator,
    cast(kept_recognised_count as decimal(18, 4)) as retention_recognised_denominator,
    {{ safe_ratio('kept_recognised_kept_count', 'kept_recognised_count') }}
        as retention_recognised_ratio,
    cast(kept_other_kept_count as decimal(18, 4)) as retention_other_numerator,
    cast(kept_other_count as decimal(18, 4)) as retention_other_denominator,
    {{ safe_ratio('kept_other_kept_count', 'kept_other_count') }}
        as retention_other_ratio,
    cast(
        100 * (
            {{ safe_ratio('kept_recognised_kept_count', 'kept_recognised_count') }}
            - {{ safe_ratio('kept_other_kept_count', 'kept_other_count') }}
        ) as decimal(18, 4)
    ) as retention_difference_points,
    recognition_status,
    promotion_status,
    time_in_grade_status,
    retention_recognised_status,
    retention_other_status
from known
