{{ config(meta={'rule': 'R07', 'table': 'mart_incentive_statement'}) }}
{#- Per payee and currency: the last balance = accrued + adjusted - clawed back - held
    - drawn and not forgiven - paid; and paid is what fct_commission_payment says. -#}
with statement as (
    select
        payee_code,
        currency,
        accrued_amount,
        adjustment_amount,
        clawback_amount,
        reserved_amount,
        draw_amount,
        paid_amount,
        balance_amount,
        row_number() over (
            partition by payee_code, currency
            order by posting_date desc nulls last, accrual_key desc nulls last
        ) as last_rank
    from {{ ref('mart_incentive_statement') }}
),

summed as (
    select
        payee_code,
        currency,
        sum(
            accrued_amount + adjustment_amount + clawback_amount + reserved_amount
            + draw_amount + paid_amount
        ) as owed_amount,
        sum(paid_amount) as paid_amount,
        max(case when last_rank = 1 then balance_amount end) as balance_amount
    from statement
    group by payee_code, currency
),

paid as (
    select
        payee_code,
        currency,
        sum(amount) as amount
    from {{ ref('fct_commission_payment') }}
    where state = 'paid'
    group by payee_code, currency
)

select
    coalesce(summed.payee_code, paid.payee_code) as failing_key,
    summed.owed_amount,
    summed.balance_amount,
    summed.paid_amount,
    paid.amount as payment_amount
from summed
full outer join paid
    on summed.payee_code = paid.payee_code and summed.currency = paid.currency
where
    summed.owed_amount is distinct from summed.balance_amount
    or -coalesce(summed.paid_amount, 0) <> coalesce(paid.amount, 0)
