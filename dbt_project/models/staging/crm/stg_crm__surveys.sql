{#- One invitation to one survey question, answered or not, as landed: one row per
    landed row. -#}

select
    survey_id,
    invitation_id,
    respondent_type,
    respondent_id,
    question,
    kind,
    scale_min,
    scale_max,
    sent_at,
    is_delivered,
    answered_at,
    score,
    rep_code,
    channel_code,
    case_id,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'crm__surveys') }}
