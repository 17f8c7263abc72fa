{{ config(meta={'rule': 'R14'}) }}
{#- Per month: direct and allocated cost of all channels = what was delivered; with
    commission they are the total cost. -#}

with delivered as (
    select
        fiscal_month,
        sum(amount_reporting) as amount
    from {{ ref('fct_channel_cost') }}
    group by fiscal_month
),

borne as (
    select
        fiscal_month,
        sum(channel_cost_amount + allocated_cost_amount) as amount,
        sum(total_channel_cost_amount) as total_amount,
        sum(commission_amount) as commission_amount
    from {{ ref('mart_channel_performance') }}
    group by fiscal_month
)

select
    coalesce(delivered.fiscal_month, borne.fiscal_month) as failing_key,
    delivered.amount as delivered_amount,
    borne.amount as borne_amount
from delivered
full outer join borne on delivered.fiscal_month = borne.fiscal_month
where
    coalesce(delivered.amount, 0) <> coalesce(borne.amount, 0)
    or coalesce(borne.total_amount, 0)
    <> coalesce(borne.amount, 0) + coalesce(borne.commission_amount, 0)
