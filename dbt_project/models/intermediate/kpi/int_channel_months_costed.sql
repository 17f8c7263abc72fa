{#- Grain: channel x fiscal month with a cost. Direct and allocated cost, the part of
    both that paid for winning customers, and the commission of the channel's orders;
    NULL where the month has none of that kind. -#}
with costs as (
    select
        channel_code,
        fiscal_month,
        cost_type,
        is_allocated,
        amount_reporting
    from {{ ref('int_channel_cost_allocated') }}
),

paid as (
    select
        channel_code,
        fiscal_month,
        commission_amount
    from {{ ref('int_channel_months_paid') }}
),

summed as (
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
)

select
    coalesce(summed.channel_code, paid.channel_code) as channel_code,
    coalesce(summed.fiscal_month, paid.fiscal_month) as fiscal_month,
    summed.channel_cost_amount,
    summed.allocated_cost_amount,
    summed.acquisition_cost_amount,
    paid.commission_amount
from summed
full outer join paid
    on
        summed.channel_code = paid.channel_code
        and summed.fiscal_month = paid.fiscal_month
