{#- Grain: row of the variable pay ledger, append-only and signed: + is owed to the
    payee. The rows of the carried ledger stay as they are; this release adds what
    differs. Not additive over currencies (amount); earn date and posting date are two
    views of the same money. Rule: docs block incentive_ledger. -#}

{%- set kept = [
    'accrual_key', 'payee_code', 'payee_key', 'team_code', 'plan_code', 'component_code',
    'plan_valid_from', 'accrual_type', 'event_no', 'earn_date', 'posting_date',
    'source_system', 'order_id', 'line_id', 'entry_no', 'fact_type', 'fact_key',
    'row_id', 'base_amount', 'rate', 'tier_from_attainment', 'attainment_before',
    'attainment_after', 'mode', 'currency', 'amount', 'amount_reporting',
    'origin_accrual_key', 'cause_code', 'entry_key',
] %}

with posted as (
    select
        {{ kept | join(', ') }},
        posted_as_of
    from {{ ref('int_commission_carried') }}
    union all
    select
        {{ kept | join(', ') }},
        {{ as_of() }} as posted_as_of
    from {{ ref('int_commission_differences') }}
)

select
    accrual_key,
    payee_code,
    payee_key,
    team_code,
    plan_code,
    component_code,
    plan_valid_from,
    accrual_type,
    event_no,
    earn_date,
    {{ fiscal_month('earn_date') }} as earn_month,
    posting_date,
    {{ fiscal_month('posting_date') }} as posting_month,
    source_system,
    order_id,
    line_id,
    entry_no,
    fact_type,
    fact_key,
    row_id,
    base_amount,
    rate,
    tier_from_attainment,
    attainment_before,
    attainment_after,
    mode,
    currency,
    amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    amount_reporting,
    origin_accrual_key,
    cause_code,
    posted_as_of,
    entry_key
from posted
