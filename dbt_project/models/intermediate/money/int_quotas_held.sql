{#- Grain: accepted quota x interval of days on which it holds: those of its own on
    which no later version of the same owner and metric stands. So each day of an owner and
    metric has one quota. A new version takes its own days only; the old one keeps what
    lies before and after. -#}
with quotas as (
    select
        row_id,
        owner_type,
        owner_code,
        metric,
        version,
        version_order,
        valid_from,
        valid_to
    from {{ ref('int_quotas_judged') }}
    where verdict = 'accepted'
),

bounds as (
    select
        owner_type,
        owner_code,
        metric,
        valid_from as bound_date
    from quotas
    union
    select
        owner_type,
        owner_code,
        metric,
        valid_to as bound_date
    from quotas
),

spans as (
    select
        owner_type,
        owner_code,
        metric,
        bound_date as held_from,
        lead(bound_date) over (
            partition by owner_type, owner_code, metric order by bound_date nulls last
        ) as held_to
    from bounds
),

ranked as (
    select
        quotas.row_id,
        spans.held_from,
        spans.held_to,
        row_number() over (
            partition by
                spans.owner_type, spans.owner_code, spans.metric, spans.held_from
            order by
                quotas.version_order desc nulls last, quotas.version desc nulls last,
                quotas.row_id desc nulls last
        ) as newest_rank
    from spans
    inner join quotas
        on
            spans.owner_type = quotas.owner_type
            and spans.owner_code = quotas.owner_code
            and spans.metric = quotas.metric
            and spans.held_from >= quotas.valid_from
            and spans.held_from < quotas.valid_to
),

starts as (
    select
        row_id,
        held_from,
        held_to,
        case
            when
                lag(held_to) over (
                    partition by row_id order by held_from nulls last
                ) = held_from
                then 0
            else 1
        end as is_start
    from ranked
    where newest_rank = 1
),

islands as (
    select
        row_id,
        held_from,
        held_to,
        sum(is_start) over (
            partition by row_id order by held_from nulls last
            rows between unbounded preceding and current row
        ) as island_no
    from starts
)

select
    row_id,
    min(held_from) as held_from,
    max(held_to) as held_to
from islands
group by row_id, island_no
