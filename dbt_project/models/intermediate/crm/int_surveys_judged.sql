{#- One landed survey invitation and its verdict. An answer after as_of has not come
    yet. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        survey_id,
        invitation_id,
        respondent_type,
        respondent_id,
        question,
        kind,
        scale_min,
        scale_max,
        {{ local_date('sent_at') }} as business_date,
        coalesce(is_delivered, true) as is_delivered,
        answered_at,
        {{ local_date('answered_at') }} as answered_date,
        score,
        rep_code,
        channel_code,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['survey_id', 'invitation_id', 'question']) }} as natural_key,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(
            ['source_system', 'survey_id', 'invitation_id', 'question'], 'state'
        ) }} as version_status
    from {{ ref('stg_crm__surveys') }}
)

select
    survey_id,
    invitation_id,
    respondent_type,
    respondent_id,
    question,
    kind,
    scale_min,
    scale_max,
    business_date as sent_date,
    is_delivered,
    case when answered_date <= {{ as_of() }} then answered_at end as answered_at,
    case when answered_date <= {{ as_of() }} then answered_date end as answered_date,
    case when answered_date <= {{ as_of() }} then score end as score,
    rep_code,
    channel_code,
    {{ judged_columns('crm__surveys') }}
from landed
