{#- Grain: KPI x variant x entity x fiscal month x reporting currency x as_of x
    revision: the value of a closed month as first closed, and one row more at each as_of at which
    another value became known; a second run at the same as_of is its next revision.
    Carried rows are never changed (M20). Not additive: a tall history; take one row per
    key. Rule: E6 (kpis.md). Source: the carried release and the marts. -#}

with said as (
    select
        {{ surrogate_key([
            'kpi_code', 'kpi_variant', 'entity_type', 'entity_code', 'period_code',
            "'" ~ var('reporting_currency') ~ "'", as_of(), 'revision_no'
        ]) }} as kpi_snapshot_key,
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code,
        {{ as_of() }} as as_of_date,
        '{{ var("reporting_currency") }}' as reporting_currency,
        new_value as kpi_value,
        new_numerator as kpi_numerator,
        new_denominator as kpi_denominator,
        kpi_status,
        is_first_close,
        revision_no
    from {{ ref('int_kpi_months_restated') }}
)

select
    kpi_snapshot_key,
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    as_of_date,
    reporting_currency,
    kpi_value,
    kpi_numerator,
    kpi_denominator,
    kpi_status,
    is_first_close,
    row_hash,
    revision_no
from {{ ref('stg_parent__fct_kpi_snapshot') }}
union all
select
    kpi_snapshot_key,
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    as_of_date,
    reporting_currency,
    kpi_value,
    kpi_numerator,
    kpi_denominator,
    kpi_status,
    is_first_close,
    {{ snapshot_hash() }} as row_hash,
    revision_no
from said
