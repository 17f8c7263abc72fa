{{ config(meta={'rule': 'R14'}) }}
{#- Per month and cost type: own + allocated = what was delivered. -#}

with delivered as (
    select
        fiscal_month,
        cost_type,
        sum(amount_reporting) as amount
    from {{ ref('fct_channel_cost') }}
    group by fiscal_month, cost_type
),

borne as (
    select
        fiscal_month,
        cost_type,
        sum(amount_reporting) as amount
    from {{ ref('int_channel_cost_allocated') }}
    group by fiscal_month, cost_type
)

select
    coalesce(delivered.fiscal_month, borne.fiscal_month)
    || '|' || coalesce(delivered.cost_type, borne.cost_type) as failing_key,
    delivered.amount as delivered_amount,
    borne.amount as borne_amount
from delivered
full outer join borne
    on
        delivered.fiscal_month = borne.fiscal_month
        and delivered.cost_type = borne.cost_type
where coalesce(delivered.amount, 0) <> coalesce(borne.amount, 0)
