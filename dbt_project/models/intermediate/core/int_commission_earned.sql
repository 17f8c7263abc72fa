{#- Grain: entry that comes from an order line: accrual, adjustment, clawback, reserve
    or release of one part, at its natural date, in units of 0.0001. slot and slot_key
    say what the entry is about (docs block incentive_ledger, section 8). -#}

with parts as (
    select
        *,
        case
            when mode = 'whole' then ''
            else cast(from_attainment as string)
        end as tier_slot
    from {{ ref('int_commission_parts') }}
),

sources as (
    select
        event_key,
        fact_type,
        fact_key,
        row_id,
        return_id,
        return_line_id
    from {{ ref('int_commission_events') }}
    union all
    select
        event_key,
        fact_type,
        fact_key,
        row_id,
        return_id,
        return_line_id
    from {{ ref('int_commission_based') }}
    where event_class = 1
),

moved as (
    select
        moves.part_key,
        case moves.move_rank
            when 0 then 'accrual' when 1 then 'adjustment' else 'clawback'
        end as accrual_type,
        moves.business_date as posting_date,
        sources.fact_type,
        sources.fact_key,
        sources.row_id,
        case moves.move_rank
            when 0 then ''
            when 1 then cast(moves.from_attainment as string)
            else
                sources.fact_type || '|' || sources.return_id || '|'
                || sources.return_line_id || '|'
                || cast(moves.business_date as string)
        end as slot,
        case moves.move_rank
            when 2 then -moves.returned_units
            else moves.part_base_units
        end as base_units,
        moves.rate,
        moves.from_attainment,
        case when moves.move_rank < 2 and moves.is_capped then 'cap' end as cause_code,
        moves.amount_units
    from {{ ref('int_commission_moves') }} as moves
    inner join sources on moves.cause_event_key = sources.event_key
    where moves.move_rank = 0 or moves.amount_units <> 0
),

held as (
    select
        held.part_key,
        case when held.amount_units < 0 then 'reserve' else 'release' end
            as accrual_type,
        held.business_date as posting_date,
        parts.fact_type,
        parts.fact_key,
        parts.row_id,
        held.hold_type || '|' || cast(held.business_date as string) as slot,
        parts.part_base_units as base_units,
        parts.rate,
        parts.from_attainment,
        held.hold_type as cause_code,
        held.amount_units
    from {{ ref('int_commission_held') }} as held
    inner join parts on held.part_key = parts.part_key
),

entries as (
    select * from moved
    union all
    select * from held
),

terms as (
    select distinct
        term_key,
        plan_code,
        component_code,
        plan_valid_from,
        mode
    from {{ ref('int_commission_terms') }}
),

described as (
    select
        parts.payee_code,
        parts.payee_key,
        parts.team_code,
        terms.plan_code,
        terms.component_code,
        terms.plan_valid_from,
        terms.mode,
        case
            when entries.accrual_type in ('reserve', 'release') then 'held'
            else entries.accrual_type
        end as entry_type,
        entries.accrual_type,
        case
            when entries.accrual_type = 'clawback' then entries.posting_date
            else parts.business_date
        end as earn_date,
        entries.posting_date,
        parts.source_system,
        parts.order_id,
        parts.line_id,
        parts.entry_no,
        entries.fact_type,
        entries.fact_key,
        entries.row_id,
        entries.base_units,
        entries.rate,
        entries.from_attainment,
        parts.attained_before_units,
        parts.attained_after_units,
        parts.quota_units,
        parts.plan_currency as currency,
        parts.fx_rate,
        entries.amount_units,
        entries.cause_code,
        parts.business_date,
        parts.fact_type as part_fact_type,
        parts.tier_slot,
        entries.slot
    from entries
    inner join parts on entries.part_key = parts.part_key
    inner join terms on parts.term_key = terms.term_key
)

select
    {{ surrogate_key([
        'payee_code', 'plan_code', 'component_code', 'currency', 'entry_type',
        'source_system', 'order_id', 'line_id', 'part_fact_type', 'business_date',
        'tier_slot', 'slot'
    ]) }} as entry_key,
    {{ surrogate_key([
        'payee_code', 'plan_code', 'component_code', 'currency', "'accrual'",
        'source_system', 'order_id', 'line_id', 'part_fact_type', 'business_date',
        'tier_slot', "''"
    ]) }} as origin_entry_key,
    payee_code,
    payee_key,
    team_code,
    plan_code,
    component_code,
    plan_valid_from,
    accrual_type,
    earn_date,
    posting_date,
    source_system,
    order_id,
    line_id,
    entry_no,
    fact_type,
    fact_key,
    row_id,
    {{ money('base_units') }} as base_amount,
    rate,
    from_attainment as tier_from_attainment,
    {{ safe_ratio(money('attained_before_units'), money('quota_units')) }}
        as attainment_before,
    {{ safe_ratio(money('attained_after_units'), money('quota_units')) }}
        as attainment_after,
    mode,
    currency,
    {{ money('amount_units') }} as amount,
    fx_rate,
    cause_code
from described
