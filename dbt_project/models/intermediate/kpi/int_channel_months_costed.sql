{#- Grain: channel x fiscal month with a channel cost. Direct and allocated cost, and
    the part of both that paid for winning customers. -#}
with costs as (
    select
        channel_code,
        fiscal_month,
        cost_type,
        is_allocated,
        amount_reporting
    from {{ ref('int_channel_cost_allocated') }}
)

select
    channel_code,
    fiscal_month,
    coalesce(sum(amount_reporting) filter (where not is_allocated), 0)
        as channel_cost_amount,
    coalesce(sum(amount_reporting) filter (where is_allocated), 0)
        as allocated_cost_amount,
    coalesce(sum(amount_reporting) filter (
        where cost_type in {{ text_list(definition('acquisition_cost_types')) }}
    ), 0) as acquisition_cost_amount
from costs
group by channel_code, fiscal_month
