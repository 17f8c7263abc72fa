{#- Grain: activity with an outside party, on the day it occurred. Count human
    activities where is_human. Rep and team are those of the day.
    Not additive: reply_minutes and logged_lag_hours (medians), is_first_reply counts one
    reply a question. Rule: definitions touch, two-way, first human reply, follow-up of
    quality/metrics.yml. Source: crm.activities. -#}

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
        lead_id,
        device,
        is_outbound,
        asked_at,
        is_follow_up,
        member_source_system,
        master_code
    from {{ ref('int_activities_answered') }}
)

select
    {{ surrogate_key(['activities.source_system', 'activities.activity_id']) }}
        as activity_key,
    activities.source_system,
    activities.activity_id,
    activities.row_id,
    activities.occurred_at,
    activities.business_date,
    {{ fiscal_month('activities.business_date') }} as fiscal_month,
    activities.activity_type,
    activities.direction,
    activities.created_by_type,
    activities.created_by_type = 'person' as is_human,
    activities.is_two_way_touch,
    coalesce(activities.rep_code, {{ none_code() }}) as rep_code,
    coalesce(reps.rep_key, case when activities.rep_code is null then '0' else '-1' end)
        as rep_key,
    coalesce(
        reps.team_code,
        case
            when activities.rep_code is null then {{ none_code() }}
            else {{ unknown_code() }}
        end
    ) as team_code,
    activities.party_type,
    case
        when activities.party_type = 'customer'
            then coalesce(activities.master_code, {{ unknown_code() }})
        else {{ none_code() }}
    end as master_customer_code,
    case
        when
            activities.party_type = 'customer'
            then coalesce(customers.customer_key, '-1')
        else '0'
    end as customer_key,
    activities.opportunity_id,
    activities.lead_id,
    activities.device,
    activities.is_outbound,
    activities.asked_at is not null as is_first_reply,
    {{ seconds_as(
        seconds_between('activities.asked_at', 'activities.occurred_at'), 60
    ) }} as reply_minutes,
    activities.is_follow_up,
    {{ seconds_as(
        seconds_between('activities.occurred_at', 'activities.logged_at'), 3600
    ) }} as logged_lag_hours,
    {{ local_date('activities.logged_at') }} = activities.business_date
        as is_same_day_log,
    calendar.iso_week as week
from activities
left join {{ ref('dim_date') }} as calendar
    on activities.business_date = calendar.date_day
left join {{ ref('dim_sales_rep') }} as reps
    on
        activities.rep_code = reps.rep_code
        and {{ version_on('reps', 'activities.business_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        activities.member_source_system = customers.source_system
        and case when activities.party_type = 'customer' then activities.party_id end
        = customers.customer_code
        and {{ version_on('customers', 'activities.business_date') }}
