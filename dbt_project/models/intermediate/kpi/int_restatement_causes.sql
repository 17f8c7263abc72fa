{#- Grain: restated KPI of an entity and month (K01, K02) x cause x fact, and one row
    without a fact for what the facts do not explain: a changed rule. -#}

with restated as (
    select
        kpi_code,
        kpi_variant,
        entity_type,
        entity_code,
        period_code,
        revision_no,
        new_value - old_value as delta_value
    from {{ ref('int_kpi_months_restated') }}
    where
        is_sum_of_rows and not is_first_close
        and old_value is not null and new_value is not null
),

measured as (
    select
        'K01' as kpi_code,
        entity_type,
        entity_code,
        fiscal_month,
        fact_type,
        fact_key,
        row_id,
        cause_code,
        gross_delta - gross_fx as amount,
        gross_fx as fx_amount
    from {{ ref('int_revenue_rows_compared') }}
    union all
    select
        'K02' as kpi_code,
        entity_type,
        entity_code,
        fiscal_month,
        fact_type,
        fact_key,
        row_id,
        cause_code,
        net_delta - net_fx as amount,
        net_fx as fx_amount
    from {{ ref('int_revenue_rows_compared') }}
),

parts as (
    select
        kpi_code,
        entity_type,
        entity_code,
        fiscal_month,
        fact_type,
        fact_key,
        row_id,
        cause_code,
        amount
    from measured
    where amount <> 0
    union all
    select
        kpi_code,
        entity_type,
        entity_code,
        fiscal_month,
        fact_type,
        fact_key,
        row_id,
        'fx' as cause_code,
        fx_amount as amount
    from measured
    where fx_amount <> 0
),

explained as (
    select
        restated.kpi_code,
        restated.kpi_variant,
        restated.entity_type,
        restated.entity_code,
        restated.period_code,
        restated.revision_no,
        parts.fact_type,
        parts.fact_key,
        parts.row_id,
        parts.cause_code,
        parts.amount
    from restated
    inner join parts
        on
            restated.kpi_code = parts.kpi_code
            and restated.entity_type = parts.entity_type
            and restated.entity_code = parts.entity_code
            and restated.period_code = parts.fiscal_month
),

sums as (
    select
        kpi_code,
        entity_type,
        entity_code,
        period_code,
        sum(amount) as amount
    from explained
    group by kpi_code, entity_type, entity_code, period_code
)

select * from explained
union all
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
    'rule_change' as cause_code,
    restated.delta_value - coalesce(sums.amount, 0) as amount
from restated
left join sums
    on
        restated.kpi_code = sums.kpi_code
        and restated.entity_type = sums.entity_type
        and restated.entity_code = sums.entity_code
        and restated.period_code = sums.period_code
where restated.delta_value <> coalesce(sums.amount, 0)
