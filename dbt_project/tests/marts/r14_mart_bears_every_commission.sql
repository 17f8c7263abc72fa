{{ config(meta={'rule': 'R14'}) }}
{#- Per month of the earn date: commission of all channels = what the ledger has as
    accrual, adjustment and clawback of order lines. -#}

with ledger as (
    select
        earn_month as fiscal_month,
        sum(amount_reporting) as amount
    from {{ ref('fct_commission_accrual') }}
    where accrual_type in ('accrual', 'adjustment', 'clawback')
    group by earn_month
),

borne as (
    select
        fiscal_month,
        sum(commission_amount) as amount
    from {{ ref('mart_channel_performance') }}
    group by fiscal_month
)

select
    coalesce(ledger.fiscal_month, borne.fiscal_month) as failing_key,
    ledger.amount as ledger_amount,
    borne.amount as borne_amount
from ledger
full outer join borne on ledger.fiscal_month = borne.fiscal_month
where coalesce(ledger.amount, 0) <> coalesce(borne.amount, 0)
