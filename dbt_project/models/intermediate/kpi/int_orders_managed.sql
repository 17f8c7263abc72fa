{#- Grain: manager x order of which somebody in the manager's force is credited with a
    share of a line, once; what edits took back is no share. -#}
with shares as (
    select
        manager_code,
        source_system,
        order_id,
        fact_key,
        sum(share) as share
    from {{ ref('int_credits_managed') }}
    group by manager_code, source_system, order_id, fact_key
)

select distinct
    manager_code,
    source_system,
    order_id
from shares
where share > 0
