{#- One landed activity and its verdict. Two-way: as the source says, else a meeting or
    visit, a connected call, or a message that the other side answered within 7 days. A
    source that does not say who made the record means persons. A contact stands for the
    party that it belongs to on the day; who belongs to nobody known stays a contact. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        activity_id,
        occurred_at,
        logged_at,
        activity_type,
        direction,
        coalesce(created_by_type, 'person') as created_by_type,
        rep_code,
        party_type,
        party_id,
        opportunity_id,
        lead_id,
        device,
        is_connected,
        is_two_way,
        {{ local_date('occurred_at') }} as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['activity_id']) }} as natural_key,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(['source_system', 'activity_id'], 'event') }}
            as version_status
    from {{ ref('stg_crm__activities') }}
),

contacts as (
    select
        source_system,
        contact_id,
        coalesce(party_type, 'customer') as party_type,
        account_id,
        match_from,
        valid_to
    from {{ ref('int_contacts_versioned') }}
    where account_id is not null
),

answers as (
    select
        source_system,
        in_reply_to_id,
        min(occurred_at) as answered_at
    from {{ ref('stg_crm__activities') }}
    where
        direction = 'inbound'
        and in_reply_to_id is not null
        and {{ local_date('occurred_at') }} <= {{ as_of() }}
    group by source_system, in_reply_to_id
)

select
    landed.activity_id,
    landed.occurred_at,
    landed.logged_at,
    landed.business_date,
    landed.activity_type,
    landed.direction,
    landed.created_by_type,
    landed.rep_code,
    coalesce(contacts.party_type, landed.party_type) as party_type,
    coalesce(contacts.account_id, landed.party_id) as party_id,
    landed.opportunity_id,
    landed.lead_id,
    landed.device,
    coalesce(
        landed.is_two_way,
        landed.activity_type in ('meeting', 'visit')
        or (landed.activity_type = 'call' and landed.is_connected)
        or (
            landed.direction = 'outbound'
            and answers.answered_at >= landed.occurred_at
            and answers.answered_at <= {{ add_days_to_time('landed.occurred_at', 7) }}
        ),
        false
    ) as is_two_way_touch,
    {{ judged_columns('crm__activities') | replace(
        'source_system,', 'landed.source_system,', 1
    ) }}
from landed
left join answers
    on
        landed.source_system = answers.source_system
        and landed.activity_id = answers.in_reply_to_id
left join contacts
    on
        landed.source_system = contacts.source_system
        and case when landed.party_type = 'contact' then landed.party_id end
        = contacts.contact_id
        and {{ version_on('contacts', 'landed.business_date') }}
