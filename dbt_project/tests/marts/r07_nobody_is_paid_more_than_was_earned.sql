{{ config(meta={'rule': 'R07', 'table': 'mart_incentive_statement'}) }}
{#- Per payee and currency: payouts and draws that are not forgiven are no more than
    what was earned, released and not clawed back. More is money to get back, or pay
    that the plans do not know. -#}
with summed as (
    select
        payee_code,
        currency,
        sum(accrued_amount + adjustment_amount + clawback_amount + reserved_amount)
            as earned_amount,
        -sum(draw_amount + paid_amount) as paid_amount
    from {{ ref('mart_incentive_statement') }}
    group by payee_code, currency
)

select
    payee_code || '|' || currency as failing_key,
    earned_amount,
    paid_amount,
    paid_amount - earned_amount as overpaid_amount
from summed
where paid_amount > 0 and paid_amount > earned_amount
