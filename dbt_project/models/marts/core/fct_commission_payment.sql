{#- Grain: payout to one payee, on the day paid; cancelled ones stay with their state
    and are not in the ledger. Amounts at the plan rate of the fiscal year, as in the
    ledger. Source: people.comp_payouts. -#}

with payouts as (
    select
        source_system,
        row_id,
        payout_id,
        payee_code,
        plan_code,
        component_code,
        period,
        business_date,
        currency,
        amount,
        fx_rate,
        state
    from {{ ref('int_comp_payouts_judged') }}
    where verdict = 'accepted'
),

reps as (
    select
        rep_code,
        rep_key,
        team_code,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
)

select
    {{ surrogate_key(['payouts.source_system', 'payouts.payout_id']) }} as payment_key,
    payouts.source_system,
    payouts.row_id,
    payouts.payout_id,
    payouts.payee_code,
    coalesce(reps.rep_key, '-1') as payee_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    payouts.plan_code,
    payouts.component_code,
    payouts.period,
    payouts.business_date,
    {{ fiscal_month('payouts.business_date') }} as fiscal_month,
    payouts.currency,
    payouts.amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    {{ times('payouts.amount', 'payouts.fx_rate') }} as amount_reporting,
    payouts.state
from payouts
left join reps
    on
        payouts.payee_code = reps.rep_code
        and {{ version_on('reps', 'payouts.business_date') }}
