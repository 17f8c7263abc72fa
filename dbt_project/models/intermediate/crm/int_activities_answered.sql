{#- One activity that holds at as_of, with the other party's master and its place in
    what passed between the two. A first reply is the first human outbound touch to a party
    while an inbound one of that party is unanswered; it answers the earliest of those
    that came since the last human outbound touch. A follow-up is an outbound touch
    that is not the first on its lead, party or deal; it may be an automated one. -#}

with activities as (
    select
        source_system,
        activity_id,
        row_id,
        occurred_at,
        logged_at,
        business_date,
        activity_type,
        direction,
        created_by_type,
        is_two_way_touch,
        rep_code,
        party_type,
        party_id,
        opportunity_id,
        coalesce(lead_id, case when party_type = 'lead' then party_id end) as lead_id,
        device,
        coalesce(direction = 'outbound', false) as is_outbound,
        coalesce(direction = 'outbound' and created_by_type = 'person', false)
            as is_human_outbound
    from {{ ref('int_activities_judged') }}
    where verdict = 'accepted'
),

parties as (
    select
        source_system,
        code,
        member_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
),

named as (
    select
        activities.source_system,
        activities.activity_id,
        activities.row_id,
        activities.occurred_at,
        activities.logged_at,
        activities.business_date,
        activities.activity_type,
        activities.direction,
        activities.created_by_type,
        activities.is_two_way_touch,
        activities.rep_code,
        activities.party_type,
        activities.party_id,
        activities.opportunity_id,
        activities.lead_id,
        activities.device,
        activities.is_outbound,
        activities.is_human_outbound,
        parties.member_source_system,
        parties.master_code,
        activities.party_type
        || '|' || coalesce(parties.master_code, activities.party_id) as party_code
    from activities
    left join parties
        on
            activities.source_system = parties.source_system
            and case
                when activities.party_type = 'customer' then activities.party_id
            end = parties.code
),

numbered as (
    select
        row_id,
        party_code,
        direction,
        occurred_at,
        is_human_outbound,
        coalesce(sum(case when is_human_outbound then 1 else 0 end) over (
            partition by party_code
            order by occurred_at nulls last, row_id nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as turn_no
    from named
    where party_code is not null
),

replies as (
    select
        row_id,
        is_human_outbound,
        min(case when direction = 'inbound' then occurred_at end) over (
            partition by party_code, turn_no
        ) as asked_at
    from numbered
),

touches as (
    select
        row_id,
        party_code is not null and row_number() over (
            partition by party_code order by occurred_at nulls last, row_id nulls last
        ) > 1 as is_later_on_party,
        lead_id is not null and row_number() over (
            partition by source_system, lead_id
            order by occurred_at nulls last, row_id nulls last
        ) > 1 as is_later_on_lead,
        opportunity_id is not null and row_number() over (
            partition by source_system, opportunity_id
            order by occurred_at nulls last, row_id nulls last
        ) > 1 as is_later_on_deal
    from named
    where is_outbound
)

select
    named.source_system,
    named.activity_id,
    named.row_id,
    named.occurred_at,
    named.logged_at,
    named.business_date,
    named.activity_type,
    named.direction,
    named.created_by_type,
    named.is_two_way_touch,
    named.rep_code,
    named.party_type,
    named.party_id,
    named.opportunity_id,
    named.lead_id,
    named.device,
    named.is_outbound,
    named.is_human_outbound,
    named.member_source_system,
    named.master_code,
    case when replies.is_human_outbound then replies.asked_at end as asked_at,
    coalesce(
        touches.is_later_on_party or touches.is_later_on_lead
        or touches.is_later_on_deal,
        false
    ) as is_follow_up
from named
left join replies on named.row_id = replies.row_id
left join touches on named.row_id = touches.row_id
