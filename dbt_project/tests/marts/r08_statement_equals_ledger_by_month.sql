{{ config(meta={'rule': 'R08', 'table': 'mart_incentive_statement'}) }}
{#- Statement and ledger have the same money per payee, posting month and currency. -#}
with statement as (
    select
        payee_code,
        posting_month,
        currency,
        sum(amount) as amount,
        sum(
            accrued_amount + adjustment_amount + clawback_amount + reserved_amount
            + draw_amount + paid_amount
        ) as typed_amount
    from {{ ref('mart_incentive_statement') }}
    group by payee_code, posting_month, currency
),

ledger as (
    select
        payee_code,
        posting_month,
        currency,
        sum(amount) as amount
    from {{ ref('fct_commission_accrual') }}
    group by payee_code, posting_month, currency
)

select
    coalesce(statement.payee_code, ledger.payee_code) || '|'
    || coalesce(statement.posting_month, ledger.posting_month) as failing_key,
    statement.amount,
    statement.typed_amount,
    ledger.amount as ledger_amount
from statement
full outer join ledger
    on
        statement.payee_code = ledger.payee_code
        and statement.posting_month = ledger.posting_month
        and statement.currency = ledger.currency
where
    statement.amount is distinct from ledger.amount
    or statement.typed_amount is distinct from ledger.amount
