{#- Grain: entry of the ideal ledger: what today's facts give, at its natural date.
    Rule: docs block incentive_ledger. -#}

{%- set shared = [
    'entry_key', 'payee_code', 'payee_key', 'team_code', 'plan_code', 'component_code',
    'plan_valid_from', 'accrual_type', 'posting_date', 'source_system', 'fact_type',
    'fact_key', 'row_id', 'mode', 'currency', 'amount', 'fx_rate',
] %}

select
    {{ shared | join(', ') }},
    origin_entry_key,
    earn_date,
    order_id,
    line_id,
    entry_no,
    base_amount,
    rate,
    tier_from_attainment,
    attainment_before,
    attainment_after,
    cause_code
from {{ ref('int_commission_earned') }}
union all
select
    {{ shared | join(', ') }},
    cast(null as string) as origin_entry_key,
    posting_date as earn_date,
    cast(null as string) as order_id,
    cast(null as string) as line_id,
    cast(null as bigint) as entry_no,
    cast(null as decimal(18, 4)) as base_amount,
    cast(null as decimal(18, 8)) as rate,
    cast(null as decimal(18, 8)) as tier_from_attainment,
    cast(null as decimal(18, 8)) as attainment_before,
    cast(null as decimal(18, 8)) as attainment_after,
    cast(null as string) as cause_code
from {{ ref('int_commission_paid') }}
