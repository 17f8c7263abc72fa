{#- Grain: rep x team x fiscal month (all rows of the scorecard). Open and stale deals
    and coverage on the day the month is judged; NULL where that day is not known for every
    open deal. -#}
with keyed as (
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_keyed') }}
),

company as (
    select
        fiscal_month,
        is_attributed
    from {{ ref('int_company_months_opened') }}
),

opened as (
    select
        rep_code,
        team_code,
        fiscal_month,
        open_opportunity_count,
        open_pipeline_amount,
        qualified_pipeline_amount,
        stale_pipeline_amount
    from {{ ref('int_rep_months_opened') }}
),

covered as (
    select
        rep_code,
        team_code,
        fiscal_month,
        coverage_remaining_numerator,
        coverage_remaining_denominator,
        coverage_target_numerator,
        coverage_target_denominator,
        coverage_state
    from {{ ref('int_rep_months_covered') }}
)

select
    keyed.rep_code,
    keyed.team_code,
    keyed.fiscal_month,
    company.is_attributed as is_pipeline_known,
    {%- for column in [
        'open_opportunity_count', 'open_pipeline_amount', 'qualified_pipeline_amount',
        'stale_pipeline_amount',
    ] %}
        case when company.is_attributed then coalesce(opened.{{ column }}, 0) end
            as {{ column }},
    {%- endfor %}
    {%- for column in [
        'coverage_remaining_numerator', 'coverage_remaining_denominator',
        'coverage_target_numerator', 'coverage_target_denominator',
    ] %}
        case when company.is_attributed then covered.{{ column }} end as {{ column }},
    {%- endfor %}
    case
        when company.is_attributed then coalesce(covered.coverage_state, 'no_quota')
    end as coverage_state
from keyed
inner join company on keyed.fiscal_month = company.fiscal_month
left join opened
    on
        keyed.rep_code = opened.rep_code
        and keyed.team_code = opened.team_code
        and keyed.fiscal_month = opened.fiscal_month
left join covered
    on
        keyed.rep_code = covered.rep_code
        and keyed.team_code = covered.team_code
        and keyed.fiscal_month = covered.fiscal_month
