{#- Grain: entry that comes from no order line: draw and forgiveness of a payee,
    component and month, and payout. Rule: docs block incentive_ledger, section 7. -#}

with months as (
    select
        month_start_date,
        month_end_date,
        fiscal_month
    from {{ ref('dim_date') }}
    where date_day = month_start_date and date_day <= {{ as_of() }}
),

terms as (
    select * from {{ ref('int_commission_terms') }}
    where draw_amount > 0
),

reps as (
    select
        rep_code,
        rep_key,
        team_code,
        hire_date,
        exit_date,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_fx_rates_planned') }}
),

draws as (
    select
        terms.rep_code as payee_code,
        reps.rep_key as payee_key,
        reps.team_code,
        terms.plan_code,
        terms.component_code,
        terms.plan_valid_from,
        terms.mode,
        terms.currency,
        terms.draw_type,
        months.fiscal_month,
        months.month_start_date,
        months.month_end_date,
        case
            when terms.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else plan_rates.rate
        end as fx_rate,
        {{ pay_units(
            units('terms.draw_amount'), 'cast(1 as decimal(18, 8))', 'terms.factor'
        ) }} as draw_units
    from months
    inner join terms
        on
            months.month_start_date >= terms.from_date
            and months.month_start_date < terms.to_date
    inner join reps
        on
            terms.rep_code = reps.rep_code
            and {{ version_on('reps', 'months.month_start_date') }}
    left join plan_rates
        on
            terms.currency = plan_rates.from_currency
            and {{ fiscal_year('months.month_start_date') }} = plan_rates.fiscal_year
    where
        coalesce(reps.hire_date, months.month_start_date) <= months.month_start_date
        and coalesce(reps.exit_date, months.month_start_date) >= months.month_start_date
),

earned as (
    select
        payee_code,
        plan_code,
        component_code,
        currency,
        {{ fiscal_month('posting_date') }} as fiscal_month,
        cast(sum({{ units('amount') }}) as bigint) as earned_units
    from {{ ref('int_commission_earned') }}
    group by
        payee_code, plan_code, component_code, currency,
        {{ fiscal_month('posting_date') }}
),

forgiven as (
    select
        draws.*,
        draws.draw_units
        - least(draws.draw_units, greatest(0, coalesce(earned.earned_units, 0)))
            as forgiven_units
    from draws
    left join earned
        on
            draws.payee_code = earned.payee_code
            and draws.plan_code = earned.plan_code
            and draws.component_code = earned.component_code
            and draws.currency = earned.currency
            and draws.fiscal_month = earned.fiscal_month
),

posted as (
    select
        payee_code,
        payee_key,
        team_code,
        plan_code,
        component_code,
        plan_valid_from,
        mode,
        'draw' as accrual_type,
        month_start_date as posting_date,
        cast(null as string) as source_system,
        'month' as fact_type,
        fiscal_month as fact_key,
        cast(null as string) as row_id,
        currency,
        {{ money('-draw_units') }} as amount,
        fx_rate
    from draws
    union all
    select
        payee_code,
        payee_key,
        team_code,
        plan_code,
        component_code,
        plan_valid_from,
        mode,
        'forgiveness' as accrual_type,
        month_end_date as posting_date,
        cast(null as string) as source_system,
        'month' as fact_type,
        fiscal_month as fact_key,
        cast(null as string) as row_id,
        currency,
        {{ money('forgiven_units') }} as amount,
        fx_rate
    from forgiven
    where
        draw_type = 'non_recoverable'
        and forgiven_units > 0
        and month_end_date <= {{ as_of() }}
    union all
    select
        payments.payee_code,
        payments.payee_key,
        payments.team_code,
        payments.plan_code,
        payments.component_code,
        cast(null as date) as plan_valid_from,
        cast(null as string) as mode,
        'payout' as accrual_type,
        payments.business_date as posting_date,
        payments.source_system,
        'payout' as fact_type,
        payments.payment_key as fact_key,
        payments.row_id,
        payments.currency,
        {{ as_money('-payments.amount') }} as amount,
        case
            when payments.currency = payments.reporting_currency
                then cast(1 as decimal(18, 8))
            else plan_rates.rate
        end as fx_rate
    from {{ ref('fct_commission_payment') }} as payments
    left join plan_rates
        on
            payments.currency = plan_rates.from_currency
            and {{ fiscal_year('payments.business_date') }} = plan_rates.fiscal_year
    where payments.state = 'paid'
)

select
    {{ surrogate_key([
        'payee_code', 'plan_code', 'component_code', 'currency', 'accrual_type',
        'fact_type', 'fact_key'
    ]) }} as entry_key,
    *
from posted
