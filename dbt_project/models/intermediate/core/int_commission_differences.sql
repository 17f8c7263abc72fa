{#- Grain: row that this release adds to the ledger: per entry, what today's facts give
    less what the carried ledger holds. In an open month at its natural date, in a
    closed one at as_of with its cause. Rule: docs block incentive_ledger, section 8.
    -#}
{%- set kept = [
    'payee_code', 'payee_key', 'team_code', 'plan_code', 'component_code',
    'plan_valid_from', 'accrual_type', 'earn_date', 'source_system', 'order_id', 'line_id',
    'entry_no', 'fact_type', 'fact_key', 'row_id', 'rate', 'tier_from_attainment',
    'attainment_before', 'attainment_after', 'mode', 'currency',
] -%}
{%- set line = ['source_system', 'order_id', 'line_id'] -%}
{%- set of_payee = ['payee_code'] + line %}

with entries as (
    select * from {{ ref('int_commission_entries') }}
),

told as (
    select * from {{ ref('int_commission_told') }}
),

{%- for name, relation, key in [
    ('known_lines', 'told', line), ('known_payees', 'told', of_payee),
    ('credited_lines', 'entries', line), ('credited_payees', 'entries', of_payee)
] %}
    {{ name }} as (
        select distinct {{ key | join(', ') }}
        from {{ relation }}
        where order_id is not null
    ),
{%- endfor %}

changed as (
    select
        entries.*,
        coalesce(told.event_no, 0) as last_event_no,
        coalesce(told.sum_amount, 0) as sum_amount,
        coalesce(told.sum_amount_reporting, 0) as sum_amount_reporting,
        coalesce(told.sum_base_amount, 0) as sum_base_amount,
        {{ cause_of_change() }} as late_cause
    from entries
    left join told on entries.entry_key = told.entry_key
    {%- for relation, key in [('known_lines', line), ('known_payees', of_payee)] %}
        left join {{ relation }}
            on
                {%- for c in key %}
                    {{ 'and ' if not loop.first -}}
                    entries.{{ c }} = {{ relation }}.{{ c }}
                {%- endfor %}
    {%- endfor %}
    where told.entry_key is null or entries.amount <> told.sum_amount
),

gone as (
    select
        told.*,
        {{ cause_of_absence() }} as late_cause
    from told
    left join entries on told.entry_key = entries.entry_key
    {%- for relation, key in [
        ('credited_lines', line), ('credited_payees', of_payee)
    ] %}
        left join {{ relation }}
            on
                {%- for c in key %}
                    {{ 'and ' if not loop.first -}}
                    told.{{ c }} = {{ relation }}.{{ c }}
                {%- endfor %}
    {%- endfor %}
    where entries.entry_key is null and told.sum_amount <> 0
),

added as (
    select
        entry_key,
        {{ surrogate_key(['origin_entry_key', 1]) }} as origin_accrual_key,
        last_event_no + 1 as event_no,
        {{ kept | join(', ') }},
        posting_date,
        base_amount - sum_base_amount as base_amount,
        amount - sum_amount as amount,
        {{ times('amount', 'fx_rate') }} - sum_amount_reporting as amount_reporting,
        cause_code,
        late_cause
    from changed
    union all
    select
        entry_key,
        origin_accrual_key,
        event_no + 1 as event_no,
        {{ kept | join(', ') }},
        first_posting_date as posting_date,
        -sum_base_amount as base_amount,
        -sum_amount as amount,
        -sum_amount_reporting as amount_reporting,
        late_cause as cause_code,
        late_cause
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
