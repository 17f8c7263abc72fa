{#- Grain: KPI x variant x entity x fiscal month x reporting currency x as_of and
    revision at which a closed month was restated. The causes add up to new - old
    exactly: of revenue as sums of rows, of retention (K22 to K24) as steps of one ratio
    (int_retention_causes). Any other ratio or count has NULL causes (not_decomposed) and
    its parts stand old and new. A value that was not known is no 0: its difference
    is NULL. Not additive over KPIs, entity types and restatements of one key.
    Rule: E6 (kpis.md), M21. Source: fct_kpi_snapshot, fct_restatement_row. -#}
{%- set causes = [
    'late_row', 'return', 'fx', 'owner_change', 'merge', 'rule_change'
] -%}
{%- set key = [
    'kpi_code', 'kpi_variant', 'entity_type', 'entity_code', 'period_code',
    'reporting_currency'
] -%}
{%- set before = [
    ('as_of_date', 'prior_as_of_date'), ('kpi_value', 'told_value'),
    ('kpi_numerator', 'old_numerator'), ('kpi_denominator', 'old_denominator')
] %}

with told as (
    select
        snapshots.*,
    {%- for column, name in before %}
        lag(snapshots.{{ column }}) over (
            partition by snapshots.{{ key | join(', snapshots.') }}
            order by
                snapshots.as_of_date nulls last, snapshots.revision_no nulls last
            ) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('fct_kpi_snapshot') }} as snapshots
),

restated as (
    select
        told.*,
        case
            when
                told.prior_as_of_date is null and told.kpi_code in ('K01', 'K02')
                then cast(0 as decimal(28, 8))
            else told.told_value
        end as old_value
    from told
    where not told.is_first_close
),

causes as (
    select
        {{ key | join(', ') }},
        as_of_date,
        revision_no,
        {%- for cause in causes %}
            sum(case when cause_code = '{{ cause }}' then amount else 0 end)
                as {{ cause }}_amount,
        {%- endfor %}
        count(nullif(fact_key, {{ none_code() }})) as row_count
    from {{ ref('fct_restatement_row') }}
    group by {{ key | join(', ') }}, as_of_date, revision_no
)

select
    {{ as_of() }} as as_of_date,
    {%- for column in key %}
        restated.{{ column }},
    {%- endfor %}
    restated.as_of_date as restated_as_of_date,
    restated.revision_no,
    restated.prior_as_of_date,
    cast(restated.old_value as decimal(28, 8)) as old_value,
    restated.kpi_value as new_value,
    cast(restated.kpi_value - restated.old_value as decimal(28, 8)) as delta_value,
    {%- for cause in causes %}
        cast(causes.{{ cause }}_amount as decimal(28, 8)) as {{ cause }}_amount,
    {%- endfor %}
    causes.row_count,
    restated.old_numerator,
    restated.kpi_numerator as new_numerator,
    restated.old_denominator,
    restated.kpi_denominator as new_denominator,
    case when causes.kpi_code is null then 'not_decomposed' else 'decomposed' end
        as decomposition_status
from restated
left join causes
    on
        restated.as_of_date = causes.as_of_date
        and restated.revision_no = causes.revision_no
        {%- for column in key %}
            and restated.{{ column }} = causes.{{ column }}
        {%- endfor %}
