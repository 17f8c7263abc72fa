{#- Grain: manager x order x day on which the order comes into the manager's force
    (direction 1) or leaves it (-1). It is in the force while somebody there has a share
    of some line of it: it comes with the credit that brings it and leaves with the edit
    that takes the last share away. -#}
with shares as (
    select
        manager_code,
        source_system,
        order_id,
        fact_key,
        posting_date,
        sum(share) as share
    from {{ ref('int_credits_managed') }}
    group by manager_code, source_system, order_id, fact_key, posting_date
),

running as (
    select
        manager_code,
        source_system,
        order_id,
        fact_key,
        posting_date,
        sum(share) over (
            partition by manager_code, source_system, order_id, fact_key
            order by posting_date nulls last
        ) as share_held
    from shares
),

held as (
    select
        *,
        case when share_held > 0 then 1 else 0 end as is_held
    from running
),

steps as (
    select
        manager_code,
        source_system,
        order_id,
        posting_date,
        is_held - coalesce(lag(is_held) over (
            partition by manager_code, source_system, order_id, fact_key
            order by posting_date nulls last
        ), 0) as step
    from held
),

days as (
    select
        manager_code,
        source_system,
        order_id,
        posting_date,
        sum(step) as step
    from steps
    group by manager_code, source_system, order_id, posting_date
),

counted as (
    select
        manager_code,
        source_system,
        order_id,
        posting_date,
        step,
        sum(step) over (
            partition by manager_code, source_system, order_id
            order by posting_date nulls last
        ) as held_count
    from days
)

select
    manager_code,
    source_system,
    order_id,
    posting_date,
    case when step > 0 then 1 else -1 end as direction
from counted
where (held_count > 0 and held_count = step) or (held_count = 0 and step < 0)
