{#- Grain: payee x fiscal quarter with a row in the ledger of variable pay. Adjustments
    by posting date; those a person's decision caused (a split edited, terms or quota
    changed) apart from those the plan itself makes. Accrued and clawed back (positive)
    of the accruals earned in the quarter, whenever the clawback came (K68). -#}
with ledger as (
    select
        accrual_key,
        payee_code,
        accrual_type,
        earn_date,
        posting_date,
        origin_accrual_key,
        cause_code,
        amount_reporting
    from {{ ref('fct_commission_accrual') }}
),

placed as (
    select
        payee_code,
        {{ fiscal_quarter('posting_date') }} as fiscal_quarter,
        1 as adjustment_count,
        amount_reporting as adjustment_amount,
        case when cause_code in ('split_edit', 'rule_change') then 1 else 0 end
            as is_manual,
        0 as accrued_amount,
        0 as clawed_back_amount
    from ledger
    where accrual_type = 'adjustment'
    union all
    select
        payee_code,
        {{ fiscal_quarter('earn_date') }} as fiscal_quarter,
        0 as adjustment_count,
        0 as adjustment_amount,
        0 as is_manual,
        amount_reporting as accrued_amount,
        0 as clawed_back_amount
    from ledger
    where accrual_type in ('accrual', 'adjustment')
    union all
    select
        back.payee_code,
        {{ fiscal_quarter('coalesce(origin.earn_date, back.earn_date)') }}
            as fiscal_quarter,
        0 as adjustment_count,
        0 as adjustment_amount,
        0 as is_manual,
        0 as accrued_amount,
        -back.amount_reporting as clawed_back_amount
    from ledger as back
    left join ledger as origin on back.origin_accrual_key = origin.accrual_key
    where back.accrual_type = 'clawback'
)

select
    payee_code as rep_code,
    fiscal_quarter,
    sum(adjustment_count) as adjustment_count,
    sum(adjustment_amount) as adjustment_amount,
    sum(is_manual * adjustment_count) as manual_adjustment_count,
    sum(is_manual * adjustment_amount) as manual_adjustment_amount,
    sum(accrued_amount) as accrued_amount,
    sum(clawed_back_amount) as clawed_back_amount
from placed
group by payee_code, fiscal_quarter
