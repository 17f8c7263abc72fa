{#- Grain: restated retention KPI (K22 to K24) of the company and month x cause. A ratio
    has no rows that add up, so its difference is walked in the order of the stages (from
    what was told: rule, rate, merge, late row, return), each step what that cause alone
    changes, given those before it; the steps add up to new - old exactly. A cause that
    changed nothing is 0. A month with a stage that is not known has no row. -#}

with restated as (
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code,
        revision_no,
        old_value,
        new_value
    from {{ ref('int_kpi_months_restated') }}
    where
        kpi_code in ('K22', 'K23', 'K24')
        and entity_type = 'company'
        and not is_first_close
        and old_value is not null
        and new_value is not null
),

stages as (
    select
        kpi_code,
        kpi_variant,
        period_code,
        0 as stage_no,
        old_value as kpi_value
    from restated
    union all
    select
        kpi_code,
        kpi_variant,
        period_code,
        stage_no,
        cast(kpi_value as decimal(28, 8)) as kpi_value
    from {{ ref('int_retention_stages_measured') }}
    union all
    select
        kpi_code,
        kpi_variant,
        period_code,
        5 as stage_no,
        new_value as kpi_value
    from restated
),

steps as (
    select
        kpi_code,
        kpi_variant,
        period_code,
        stage_no,
        kpi_value - lag(kpi_value) over (
            partition by kpi_code, kpi_variant, period_code
            order by stage_no nulls last
        ) as amount,
        count(kpi_value) over (partition by kpi_code, kpi_variant, period_code)
            as known_count
    from stages
)

select
    restated.kpi_code,
    restated.kpi_variant,
    restated.entity_type,
    restated.entity_code,
    restated.period_code,
    restated.revision_no,
    {{ none_code() }} as fact_type,
    {{ none_code() }} as fact_key,
    cast(null as string) as row_id,
    case steps.stage_no
        when 1 then 'rule_change'
        when 2 then 'fx'
        when 3 then 'merge'
        when 4 then 'late_row'
        else 'return'
    end as cause_code,
    steps.amount
from restated
inner join steps
    on
        restated.kpi_code = steps.kpi_code
        and restated.kpi_variant = steps.kpi_variant
        and restated.period_code = steps.period_code
where steps.stage_no > 0 and steps.known_count = 6
