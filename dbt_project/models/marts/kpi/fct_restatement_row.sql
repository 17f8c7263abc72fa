{#- Grain: restated KPI (a row of fct_kpi_snapshot that is no first close) x cause x
    fact: what that fact's change adds to the difference of gross or net revenue; fact_key
    (none) holds what no fact explains, and the steps of a retention ratio, which are no
    sum of facts. Carried rows are never changed. Not additive over KPIs and entity types:
    one fact stands behind several. Rule: M21.
    Source: the facts of the carried release and of this one. -#}

with told as (
    {%- for causes in [ref('int_restatement_causes'), ref('int_retention_causes')] %}
        select
            kpi_code,
            kpi_variant,
            entity_type,
            entity_code,
            period_code,
            {{ as_of() }} as as_of_date,
            '{{ var("reporting_currency") }}' as reporting_currency,
            revision_no,
            cause_code,
            fact_type,
            fact_key,
            row_id,
            cast(amount as decimal(28, 8)) as amount
        from {{ causes }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    restatement_row_key,
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    as_of_date,
    reporting_currency,
    revision_no,
    cause_code,
    fact_type,
    fact_key,
    row_id,
    amount
from {{ ref('stg_parent__fct_restatement_row') }}
union all
select
    {{ surrogate_key([
        'kpi_code', 'kpi_variant', 'entity_type', 'entity_code', 'period_code', 'as_of_date',
        'reporting_currency', 'revision_no', 'cause_code', 'fact_type', 'fact_key'
    ]) }} as restatement_row_key,
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    as_of_date,
    reporting_currency,
    revision_no,
    cause_code,
    fact_type,
    fact_key,
    row_id,
    amount
from told
