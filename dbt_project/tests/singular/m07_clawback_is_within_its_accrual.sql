{{ config(meta={'rule': 'M07', 'table': 'fct_commission_accrual'}) }}
{#- A clawback names its accrual, has the rate at which that stands, and all clawbacks
    of an accrual take no more than it accrued. -#}
with ledger as (
    select * from {{ ref('fct_commission_accrual') }}
),

accrued as (
    select
        coalesce(origin_accrual_key, accrual_key) as accrual_key,
        sum(amount) as accrued_amount
    from ledger
    where accrual_type in ('accrual', 'adjustment')
    group by coalesce(origin_accrual_key, accrual_key)
),

rates as (
    select distinct
        coalesce(origin_accrual_key, accrual_key) as accrual_key,
        rate
    from ledger
    where accrual_type in ('accrual', 'adjustment')
),

clawed as (
    select
        origin_accrual_key,
        sum(amount) as clawed_amount
    from ledger
    where accrual_type = 'clawback'
    group by origin_accrual_key
)

select
    clawed.origin_accrual_key as failing_key,
    clawed.clawed_amount,
    accrued.accrued_amount
from clawed
left join accrued on clawed.origin_accrual_key = accrued.accrual_key
where
    accrued.accrual_key is null
    or -clawed.clawed_amount > accrued.accrued_amount
union all
select
    ledger.accrual_key as failing_key,
    ledger.amount as clawed_amount,
    cast(null as decimal(18, 4)) as accrued_amount
from ledger
left join rates
    on
        ledger.origin_accrual_key = rates.accrual_key
        and ledger.rate = rates.rate
where
    ledger.accrual_type = 'clawback' and ledger.event_no = 1 and rates.rate is null
