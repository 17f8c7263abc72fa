{{ config(meta={'rule': 'M08', 'table': 'fct_commission_accrual'}) }}
{#- Sales credited to a rep with variable pay after exit and tail: they earn nothing,
    and may belong to somebody else; and any accrual of that time that still stands.
    -#}
with exits as (
    select
        terms.rep_code,
        terms.plan_code,
        terms.component_code,
        terms.from_date,
        terms.to_date,
        {{ add_days('reps.exit_date', 'terms.tail_days') }} as last_date
    from {{ ref('int_commission_terms') }} as terms
    inner join {{ ref('dim_sales_rep') }} as reps
        on terms.rep_code = reps.rep_code and reps.is_current
    where reps.exit_date is not null
)

select
    events.payee_code || '|' || events.order_id || '|' || events.line_id as failing_key,
    min(events.business_date) as earn_date
from {{ ref('int_commission_events') }} as events
inner join exits
    on
        events.payee_code = exits.rep_code
        and events.credit_date >= exits.from_date
        and events.credit_date < exits.to_date
        and events.business_date > exits.last_date
where events.credit_units > 0
group by events.payee_code, events.order_id, events.line_id
union all
select
    min(ledger.accrual_key) as failing_key,
    min(ledger.earn_date) as earn_date
from {{ ref('fct_commission_accrual') }} as ledger
inner join exits
    on
        ledger.payee_code = exits.rep_code
        and ledger.plan_code = exits.plan_code
        and ledger.component_code = exits.component_code
        and ledger.earn_date > exits.last_date
where ledger.accrual_type in ('accrual', 'adjustment')
group by ledger.entry_key
having sum(ledger.amount) <> 0
