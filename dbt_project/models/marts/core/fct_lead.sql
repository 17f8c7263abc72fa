{#- Grain: lead, in its state at as_of (accumulating snapshot).
    Rep and team are those of the day it was created. Not additive: response_minutes and
    response_business_minutes (K19: median, p90, Kaplan-Meier median); converted_days.
    Rule: response is the first human outbound touch, an auto reply is none, a touch
    before creation is 0 minutes; business minutes run 09:00 to 18:00 of workdays.
    Source: crm.leads, crm.activities. -#}

with leads as (
    select
        source_system,
        lead_id,
        row_id,
        created_date,
        status,
        source,
        owner_rep_code,
        first_touch_at,
        created_at,
        qualified_date,
        converted_date,
        opportunity_id,
        account_id,
        campaign_id,
        lost_reason
    from {{ ref('int_leads_judged') }}
    where verdict = 'accepted'
),

answers as (
    select
        row_id,
        master_code,
        response_at,
        is_touched_before_creation
    from {{ ref('int_leads_answered') }}
)

select
    {{ surrogate_key(['leads.source_system', 'leads.lead_id']) }} as lead_key,
    leads.source_system,
    leads.lead_id,
    leads.row_id,
    leads.created_date,
    {{ fiscal_month('leads.created_date') }} as fiscal_month,
    leads.status,
    leads.source as source_code,
    coalesce(leads.owner_rep_code, {{ none_code() }}) as owner_rep_code,
    coalesce(
        reps.rep_key, case when leads.owner_rep_code is null then '0' else '-1' end
    )
        as rep_key,
    coalesce(
        reps.team_code,
        case
            when leads.owner_rep_code is null then {{ none_code() }}
            else {{ unknown_code() }}
        end
    ) as team_code,
    leads.first_touch_at,
    leads.created_at,
    leads.qualified_date,
    leads.converted_date,
    leads.opportunity_id,
    coalesce(
        answers.master_code,
        case
            when leads.account_id is null then {{ none_code() }}
            else {{ unknown_code() }}
        end
    ) as master_customer_code,
    leads.converted_date is not null as is_converted,
    coalesce(leads.campaign_id, {{ none_code() }}) as campaign_id,
    answers.response_at,
    {{ seconds_as(seconds_between('leads.created_at', 'answers.response_at'), 60) }}
        as response_minutes,
    {{ seconds_as(
        business_clock('response_days', 'answers.response_at')
        ~ ' - ' ~ business_clock('created_days', 'leads.created_at'), 60
    ) }} as response_business_minutes,
    answers.response_at is not null as is_answered,
    answers.is_touched_before_creation,
    cast(
        {{ days_between('leads.created_date', 'leads.converted_date') }} as bigint
    ) as converted_days,
    leads.lost_reason,
    coalesce(
        campaigns.campaign_key,
        case when leads.campaign_id is null then '0' else '-1' end
    ) as campaign_key
from leads
inner join answers on leads.row_id = answers.row_id
left join {{ ref('dim_date') }} as created_days
    on leads.created_date = created_days.date_day
left join {{ ref('dim_date') }} as response_days
    on {{ local_date('answers.response_at') }} = response_days.date_day
left join {{ ref('dim_sales_rep') }} as reps
    on
        leads.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'leads.created_date') }}
left join {{ ref('dim_campaign') }} as campaigns
    on
        leads.source_system = campaigns.source_system
        and leads.campaign_id = campaigns.campaign_id
