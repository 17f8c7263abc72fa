{#- Grain: invitation x question, answered or not. Count answers where is_latest: the
    latest of a respondent, survey and question in a fiscal quarter (csat, other) or in
    the wave (nps). Scores of different scales never mix. A rep whom the survey does not
    name is the customer's owner on that day. Source: crm.surveys. -#}

with surveys as (
    select
        source_system,
        survey_id,
        invitation_id,
        row_id,
        question,
        kind,
        respondent_type,
        respondent_id,
        scale_min,
        scale_max,
        sent_date,
        answered_at,
        answered_date,
        coalesce(answered_date, sent_date) as member_date,
        score,
        answered_date is not null and score is not null as is_answered,
        is_delivered,
        rep_code,
        channel_code
    from {{ ref('int_surveys_judged') }}
    where verdict = 'accepted'
),

resolved as (
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
        surveys.source_system,
        surveys.survey_id,
        surveys.invitation_id,
        surveys.row_id,
        surveys.question,
        surveys.kind,
        surveys.respondent_type,
        case
            when surveys.respondent_type = 'customer'
                then coalesce(resolved.master_code, {{ unknown_code() }})
            else surveys.respondent_id
        end as respondent_code,
        surveys.scale_min,
        surveys.scale_max,
        surveys.sent_date,
        surveys.answered_at,
        surveys.answered_date,
        surveys.member_date,
        surveys.score,
        surveys.is_answered,
        surveys.is_delivered,
        coalesce(surveys.rep_code, customers.owner_rep_code, {{ none_code() }})
            as rep_code,
        coalesce(surveys.channel_code, {{ none_code() }}) as channel_code,
        case
            when surveys.respondent_type = 'customer'
                then coalesce(customers.customer_key, '-1')
            else '0'
        end as customer_key
    from surveys
    left join resolved
        on
            surveys.source_system = resolved.source_system
            and case
                when surveys.respondent_type = 'customer' then surveys.respondent_id
            end
            = resolved.code
    left join {{ ref('dim_customer') }} as customers
        on
            resolved.member_source_system = customers.source_system
            and resolved.code = customers.customer_code
            and {{ version_on('customers', 'surveys.member_date') }}
),

ranked as (
    select
        source_system,
        survey_id,
        invitation_id,
        row_id,
        question,
        kind,
        respondent_type,
        respondent_code,
        scale_min,
        scale_max,
        sent_date,
        answered_at,
        answered_date,
        member_date,
        score,
        is_answered,
        is_delivered,
        rep_code,
        channel_code,
        customer_key,
        row_number() over (
            partition by
                source_system,
                respondent_type,
                respondent_code,
                survey_id,
                question,
                kind,
                is_answered,
                case
                    when kind = 'nps' then '' else {{ fiscal_quarter('member_date') }}
                end
            order by answered_at desc nulls last, row_id desc nulls last
        ) as newest_rank
    from named
)

select
    {{ surrogate_key([
        'ranked.source_system', 'ranked.survey_id', 'ranked.invitation_id', 'ranked.question'
    ]) }} as response_key,
    ranked.source_system,
    ranked.survey_id,
    ranked.invitation_id,
    ranked.row_id,
    ranked.question,
    ranked.kind,
    ranked.respondent_type,
    ranked.respondent_code,
    ranked.scale_min,
    ranked.scale_max,
    ranked.sent_date,
    ranked.answered_date,
    {{ fiscal_month('ranked.member_date') }} as fiscal_month,
    ranked.score,
    ranked.is_answered,
    ranked.is_delivered,
    ranked.is_answered and ranked.newest_rank = 1 as is_latest,
    case
        when ranked.is_answered
            then
                ranked.score * 4
                >= ranked.scale_min * 4 + (ranked.scale_max - ranked.scale_min) * 3
    end as is_satisfied,
    case
        when
            ranked.kind <> 'nps'
            or ranked.scale_min <> 0
            or ranked.scale_max <> 10
            or not ranked.is_answered
            then null
        when ranked.score >= 9 then 'promoter'
        when ranked.score >= 7 then 'passive'
        else 'detractor'
    end as nps_class,
    ranked.rep_code,
    coalesce(
        reps.rep_key,
        case when ranked.rep_code = {{ none_code() }} then '0' else '-1' end
    ) as rep_key,
    coalesce(
        reps.team_code,
        case
            when ranked.rep_code = {{ none_code() }} then {{ none_code() }}
            else {{ unknown_code() }}
        end
    ) as team_code,
    ranked.channel_code,
    case
        when ranked.respondent_type = 'customer' then ranked.respondent_code
        else {{ none_code() }}
    end as master_customer_code,
    ranked.customer_key
from ranked
left join {{ ref('dim_sales_rep') }} as reps
    on
        ranked.rep_code = reps.rep_code
        and {{ version_on('reps', 'ranked.member_date') }}
