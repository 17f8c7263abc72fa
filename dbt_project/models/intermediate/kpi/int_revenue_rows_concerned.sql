{#- Grain: fact x entity x fiscal month x side, all rows of the facts that have one in a
    restated month of an entity. Where nothing was restated nothing is compared: a first
    release has half a million lines and nothing to compare them with. -#}

with restated as (
    select distinct
        entity_type,
        entity_code,
        period_code
    from {{ ref('int_kpi_months_restated') }}
    where is_sum_of_rows and not is_first_close
),

concerned as (
    select distinct
        told.entity_type,
        told.fact_type,
        told.fact_key
    from {{ ref('int_revenue_rows_told') }} as told
    inner join restated
        on
            told.entity_type = restated.entity_type
            and told.entity_code = restated.entity_code
            and told.fiscal_month = restated.period_code
)

select told.*
from {{ ref('int_revenue_rows_told') }} as told
inner join concerned
    on
        told.entity_type = concerned.entity_type
        and told.fact_type = concerned.fact_type
        and told.fact_key = concerned.fact_key
