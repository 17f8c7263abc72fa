{#- Grain: rep x team x fiscal month with an activity, a lead created or an answer.
    Activities are human ones; answers are those of customers, the latest of each, by
    the month answered. -#}
with activities as (
    select
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        team_code,
        fiscal_month,
        activity_type,
        is_two_way_touch
    from {{ ref('fct_activity') }}
    where is_human
),

leads as (
    select
        coalesce(owner_rep_code, {{ none_code() }}) as rep_code,
        team_code,
        fiscal_month,
        created_date,
        converted_date,
        is_answered
    from {{ ref('fct_lead') }}
),

answers as (
    select
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        team_code,
        fiscal_month,
        kind,
        is_satisfied,
        nps_class
    from {{ ref('fct_satisfaction_response') }}
    where
        respondent_type = 'customer'
        and is_answered
        and is_latest
        and (kind = 'csat' or (kind = 'nps' and nps_class is not null))
),

activity_sums as (
    select
        rep_code,
        team_code,
        fiscal_month,
        count(*) as activity_count,
        count(case when activity_type = 'call' then 1 end) as call_count,
        count(case when activity_type = 'meeting' then 1 end) as meeting_count,
        count(case when activity_type = 'visit' then 1 end) as visit_count,
        count(case when activity_type = 'email' then 1 end) as email_count,
        count(case when activity_type = 'message' then 1 end) as message_count,
        count(case when is_two_way_touch then 1 end) as two_way_touch_count
    from activities
    group by rep_code, team_code, fiscal_month
),

lead_sums as (
    select
        rep_code,
        team_code,
        fiscal_month,
        count(*) as lead_count,
        count(case when is_answered then 1 end) as lead_answered_count,
        count(
            case
                when
                    {{ days_between('created_date', 'converted_date') }}
                    <= {{ definition('lead_window_days') }}
                    then 1
            end
        ) as converted_in_window_count
    from leads
    group by rep_code, team_code, fiscal_month
),

answer_sums as (
    select
        rep_code,
        team_code,
        fiscal_month,
        count(case when kind = 'csat' then 1 end) as csat_count,
        count(case when kind = 'csat' and is_satisfied then 1 end) as satisfied_count,
        count(case when kind = 'nps' then 1 end) as nps_count,
        count(case when kind = 'nps' and nps_class = 'promoter' then 1 end)
        - count(case when kind = 'nps' and nps_class = 'detractor' then 1 end)
            as nps_balance
    from answers
    group by rep_code, team_code, fiscal_month
),

keys as (
    select
        rep_code,
        team_code,
        fiscal_month
    from activity_sums
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from lead_sums
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from answer_sums
)

select
    keys.rep_code,
    keys.team_code,
    keys.fiscal_month,
    coalesce(activity_sums.activity_count, 0) as activity_count,
    coalesce(activity_sums.call_count, 0) as call_count,
    coalesce(activity_sums.meeting_count, 0) as meeting_count,
    coalesce(activity_sums.visit_count, 0) as visit_count,
    coalesce(activity_sums.email_count, 0) as email_count,
    coalesce(activity_sums.message_count, 0) as message_count,
    coalesce(activity_sums.two_way_touch_count, 0) as two_way_touch_count,
    coalesce(lead_sums.lead_count, 0) as lead_count,
    coalesce(lead_sums.lead_answered_count, 0) as lead_answered_count,
    coalesce(lead_sums.converted_in_window_count, 0) as converted_in_window_count,
    coalesce(answer_sums.csat_count, 0) as csat_count,
    coalesce(answer_sums.satisfied_count, 0) as satisfied_count,
    coalesce(answer_sums.nps_count, 0) as nps_count,
    coalesce(answer_sums.nps_balance, 0) as nps_balance
from keys
left join activity_sums
    on
        keys.rep_code = activity_sums.rep_code
        and keys.team_code = activity_sums.team_code
        and keys.fiscal_month = activity_sums.fiscal_month
left join lead_sums
    on
        keys.rep_code = lead_sums.rep_code
        and keys.team_code = lead_sums.team_code
        and keys.fiscal_month = lead_sums.fiscal_month
left join answer_sums
    on
        keys.rep_code = answer_sums.rep_code
        and keys.team_code = answer_sums.team_code
        and keys.fiscal_month = answer_sums.fiscal_month
