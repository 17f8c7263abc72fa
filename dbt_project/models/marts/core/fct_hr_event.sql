{#- Grain: event of a rep's working life (leave, promotion, role_change, exit). Not
    additive: leaves may overlap, so days are counted over the calendar, never from the
    rows. Business rule: a rep on leave is not active. Source: people.hr_events. -#}

with reps as (
    select
        rep_code,
        rep_key,
        team_code,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
)

select
    {{ surrogate_key(
        ['events.source_system', 'events.rep_code', 'events.event_type', 'events.business_date']
    ) }} as hr_event_key,
    events.source_system,
    events.row_id,
    events.rep_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    events.event_type,
    events.business_date,
    {{ fiscal_month('events.business_date') }} as fiscal_month,
    events.valid_to as last_date,
    events.detail_code
from {{ ref('int_hr_events_judged') }} as events
left join reps
    on
        events.rep_code = reps.rep_code
        and {{ version_on('reps', 'events.business_date') }}
where events.verdict = 'accepted'
