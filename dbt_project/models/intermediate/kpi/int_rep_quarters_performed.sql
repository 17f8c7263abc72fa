{#- Grain: rep x fiscal quarter that is over, of reps on a quota and in the ledger of
    variable pay: what the quarter earned them (accrual, adjustment, clawback by earn
    date; none is 0) and their attainment (K10 of the whole quarter). Role of the
    quarter's last day. -#}
with quarters as (
    select
        fiscal_quarter,
        quarter_end_date
    from {{ ref('int_quarters_bounded') }}
    where is_over
),

months as (
    select
        fiscal_month,
        fiscal_quarter
    from {{ ref('int_fiscal_months_listed') }}
),

sold as (
    select
        sold.rep_code,
        months.fiscal_quarter,
        sum(sold.attainment_numerator) as attained_amount,
        sum(sold.quota_amount) as quota_amount
    from {{ ref('int_rep_months_sold') }} as sold
    inner join months on sold.fiscal_month = months.fiscal_month
    where sold.quota_amount is not null
    group by sold.rep_code, months.fiscal_quarter
),

paid as (
    select
        paid.rep_code,
        months.fiscal_quarter,
        sum(paid.commission_accrued_amount) as pay_amount
    from {{ ref('int_rep_months_paid') }} as paid
    inner join months on paid.fiscal_month = months.fiscal_month
    group by paid.rep_code, months.fiscal_quarter
),

payees as (
    select distinct rep_code from paid
),

roles as (
    select
        rep_code,
        role_code,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
)

select
    sold.rep_code,
    sold.fiscal_quarter,
    roles.role_code,
    coalesce(paid.pay_amount, 0) as pay_amount,
    {{ safe_ratio('sold.attained_amount', 'sold.quota_amount') }} as attainment
from sold
inner join quarters on sold.fiscal_quarter = quarters.fiscal_quarter
inner join payees on sold.rep_code = payees.rep_code
inner join roles
    on
        sold.rep_code = roles.rep_code
        and {{ version_on('roles', 'quarters.quarter_end_date') }}
left join paid
    on
        sold.rep_code = paid.rep_code
        and sold.fiscal_quarter = paid.fiscal_quarter
where sold.quota_amount > 0
