{#- Grain: payee x team of the credit date x fiscal month with variable pay. accrued:
    net of clawback and adjustment, by earn date; paid: payouts by posting date, both
    in the reporting currency. Reserves, draws and forgiveness are when money moves,
    not what is earned. -#}
with ledger as (
    select
        payee_code,
        team_code,
        accrual_type,
        earn_month,
        posting_month,
        amount_reporting
    from {{ ref('fct_commission_accrual') }}
    where accrual_type in ('accrual', 'adjustment', 'clawback', 'payout')
),

placed as (
    select
        payee_code,
        team_code,
        earn_month as fiscal_month,
        amount_reporting as accrued_amount,
        0 as paid_amount
    from ledger
    where accrual_type <> 'payout'
    union all
    select
        payee_code,
        team_code,
        posting_month as fiscal_month,
        0 as accrued_amount,
        -amount_reporting as paid_amount
    from ledger
    where accrual_type = 'payout'
)

select
    payee_code as rep_code,
    team_code,
    fiscal_month,
    cast(sum(accrued_amount) as decimal(18, 4)) as commission_accrued_amount,
    cast(sum(paid_amount) as decimal(18, 4)) as commission_paid_amount
from placed
group by payee_code, team_code, fiscal_month
