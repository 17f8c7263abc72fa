{#- One lead that holds at as_of, its account's master and
    its response: the first human outbound touch. A
    touch is an outbound activity of the lead made by a person, or what the lead's own
    record gives as its first touch, unless an automated activity of the lead is of
    that very moment: an auto reply answers nobody. A touch before creation counts as
    an answer after nothing (0) and is flagged. -#}

with leads as (
    select
        source_system,
        lead_id,
        row_id,
        account_id,
        created_at,
        first_touch_at
    from {{ ref('int_leads_judged') }}
    where verdict = 'accepted'
),

activities as (
    select
        source_system,
        lead_id,
        occurred_at,
        is_human_outbound,
        created_by_type
    from {{ ref('int_activities_answered') }}
    where lead_id is not null
),

automated as (
    select distinct
        source_system,
        lead_id,
        occurred_at
    from activities
    where created_by_type = 'rule'
),

touches as (
    select
        source_system,
        lead_id,
        occurred_at
    from activities
    where is_human_outbound
    union all
    select
        leads.source_system,
        leads.lead_id,
        leads.first_touch_at as occurred_at
    from leads
    left join automated
        on
            leads.source_system = automated.source_system
            and leads.lead_id = automated.lead_id
            and leads.first_touch_at = automated.occurred_at
    where leads.first_touch_at is not null and automated.lead_id is null
),

first_touches as (
    select
        source_system,
        lead_id,
        min(occurred_at) as touched_at
    from touches
    group by source_system, lead_id
)

select
    leads.row_id,
    masters.master_code,
    first_touches.touched_at,
    case
        when first_touches.touched_at < leads.created_at then leads.created_at
        else first_touches.touched_at
    end as response_at,
    coalesce(first_touches.touched_at < leads.created_at, false)
        as is_touched_before_creation
from leads
left join first_touches
    on
        leads.source_system = first_touches.source_system
        and leads.lead_id = first_touches.lead_id
left join {{ ref('int_members_resolved') }} as masters
    on
        leads.source_system = masters.source_system
        and leads.account_id = masters.code
        and masters.dimension = 'customer'
