{#- Grain: row that this release adds to the ledger: per entry, what today's facts give
    less what the carried ledger holds. In an open month at its natural date, in a
    closed one at as_of with its cause. Rule: docs block incentive_ledger, section 8.
    -#}

with entries as (
    select * from {{ ref('int_commission_entries') }}
),

carried as (
    select * from {{ ref('int_commission_carried') }}
),

held_already as (
    select
        entry_key,
        max(event_no) as last_event_no,
        sum(amount) as amount,
        sum(amount_reporting) as amount_reporting,
        sum(coalesce(base_amount, 0)) as base_amount,
        min(posting_date) as posting_date
    from carried
    group by entry_key
),

known_lines as (
    select distinct
        source_system,
        order_id,
        line_id
    from carried
    where order_id is not null
),

known_payees as (
    select distinct
        payee_code,
        source_system,
        order_id,
        line_id
    from carried
    where order_id is not null
),

credited_lines as (
    select distinct
        source_system,
        order_id,
        line_id
    from entries
    where order_id is not null
),

credited_payees as (
    select distinct
        payee_code,
        source_system,
        order_id,
        line_id
    from entries
    where order_id is not null
),

changed as (
    select
        entries.entry_key,
        entries.origin_entry_key,
        coalesce(held_already.last_event_no, 0) + 1 as event_no,
        entries.payee_code,
        entries.payee_key,
        entries.team_code,
        entries.plan_code,
        entries.component_code,
        entries.plan_valid_from,
        entries.accrual_type,
        entries.earn_date,
        entries.posting_date,
        entries.source_system,
        entries.order_id,
        entries.line_id,
        entries.entry_no,
        entries.fact_type,
        entries.fact_key,
        entries.row_id,
        entries.base_amount - coalesce(held_already.base_amount, 0) as base_amount,
        entries.rate,
        entries.tier_from_attainment,
        entries.attainment_before,
        entries.attainment_after,
        entries.mode,
        entries.currency,
        entries.amount - coalesce(held_already.amount, 0) as amount,
        {{ times('entries.amount', 'entries.fx_rate') }}
        - coalesce(held_already.amount_reporting, 0) as amount_reporting,
        entries.cause_code,
        case
            when held_already.entry_key is not null then 'rule_change'
            when entries.accrual_type in ('draw', 'forgiveness') then 'rule_change'
            when entries.accrual_type = 'payout' then 'late_payment'
            when known_lines.order_id is null then 'late_order'
            when entries.accrual_type = 'clawback' and entries.fact_type = 'return_line'
                then 'late_return'
            when
                entries.accrual_type in ('reserve', 'release')
                or entries.fact_type = 'payment' then 'late_payment'
            when
                entries.accrual_type = 'adjustment'
                or known_payees.order_id is not null then 'rule_change'
            else 'split_edit'
        end as late_cause
    from entries
    left join held_already on entries.entry_key = held_already.entry_key
    left join known_lines
        on
            entries.source_system = known_lines.source_system
            and entries.order_id = known_lines.order_id
            and entries.line_id = known_lines.line_id
    left join known_payees
        on
            entries.payee_code = known_payees.payee_code
            and entries.source_system = known_payees.source_system
            and entries.order_id = known_payees.order_id
            and entries.line_id = known_payees.line_id
    where
        held_already.entry_key is null or entries.amount <> held_already.amount
),

gone as (
    select
        carried.*,
        held_already.amount as sum_amount,
        held_already.amount_reporting as sum_amount_reporting,
        held_already.base_amount as sum_base_amount,
        held_already.posting_date as first_posting_date,
        case
            when carried.order_id is null then 'late_payment'
            when carried.fact_type = 'return_line' then 'late_return'
            when
                carried.accrual_type in ('reserve', 'release')
                or carried.fact_type = 'payment' then 'late_payment'
            when credited_lines.order_id is null then 'late_order'
            when credited_payees.order_id is not null then 'rule_change'
            else 'split_edit'
        end as late_cause
    from carried
    inner join held_already
        on
            carried.entry_key = held_already.entry_key
            and carried.event_no = held_already.last_event_no
    left join entries on carried.entry_key = entries.entry_key
    left join credited_lines
        on
            carried.source_system = credited_lines.source_system
            and carried.order_id = credited_lines.order_id
            and carried.line_id = credited_lines.line_id
    left join credited_payees
        on
            carried.payee_code = credited_payees.payee_code
            and carried.source_system = credited_payees.source_system
            and carried.order_id = credited_payees.order_id
            and carried.line_id = credited_payees.line_id
    where entries.entry_key is null and held_already.amount <> 0
),

added as (
    select
        entry_key,
        {{ surrogate_key(['origin_entry_key', 1]) }} as origin_accrual_key,
        event_no,
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
        base_amount,
        rate,
        tier_from_attainment,
        attainment_before,
        attainment_after,
        mode,
        currency,
        amount,
        amount_reporting,
        cause_code,
        late_cause,
        false as is_gone
    from changed
    union all
    select
        entry_key,
        origin_accrual_key,
        event_no + 1 as event_no,
        payee_code,
        payee_key,
        team_code,
        plan_code,
        component_code,
        plan_valid_from,
        accrual_type,
        earn_date,
        first_posting_date as posting_date,
        source_system,
        order_id,
        line_id,
        entry_no,
        fact_type,
        fact_key,
        row_id,
        -sum_base_amount as base_amount,
        rate,
        tier_from_attainment,
        attainment_before,
        attainment_after,
        mode,
        currency,
        -sum_amount as amount,
        -sum_amount_reporting as amount_reporting,
        late_cause as cause_code,
        late_cause,
        true as is_gone
    from gone
),

dated as (
    select
        *,
        coalesce(
            {{ add_days(month_end('posting_date'), var('period_close_days')) }}
            < {{ parent_as_of() }}, false
        ) as is_closed
    from added
)

select
    {{ surrogate_key(['entry_key', 'event_no']) }} as accrual_key,
    payee_code,
    payee_key,
    team_code,
    plan_code,
    component_code,
    plan_valid_from,
    case
        when accrual_type = 'accrual' and event_no > 1 then 'adjustment'
        else accrual_type
    end as accrual_type,
    cast(event_no as bigint) as event_no,
    earn_date,
    case when is_closed then {{ as_of() }} else posting_date end as posting_date,
    source_system,
    order_id,
    line_id,
    entry_no,
    fact_type,
    fact_key,
    row_id,
    {{ as_money('base_amount') }} as base_amount,
    rate,
    tier_from_attainment,
    attainment_before,
    attainment_after,
    mode,
    currency,
    {{ as_money('amount') }} as amount,
    {{ as_money('amount_reporting') }} as amount_reporting,
    case
        when order_id is null or (accrual_type = 'accrual' and event_no = 1)
            then cast(null as string)
        when accrual_type = 'accrual' then {{ surrogate_key(['entry_key', 1]) }}
        else origin_accrual_key
    end as origin_accrual_key,
    case when is_closed then late_cause else cause_code end as cause_code,
    entry_key
from dated
