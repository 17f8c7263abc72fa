{#- Grain: lead. Minutes to the response in whole units of 0.0001, and how long it could
    have been waited for: from creation to the end of the day of as_of. -#}
with leads as (
    select
        lead_key,
        coalesce(owner_rep_code, {{ none_code() }}) as rep_code,
        team_code,
        fiscal_month,
        created_at,
        created_date,
        response_minutes,
        is_answered
    from {{ ref('fct_lead') }}
),

aged as (
    select
        lead_key,
        rep_code,
        team_code,
        fiscal_month,
        is_answered,
        {{ units('response_minutes') }} as response_units,
        {{ days_between('created_date', as_of()) }} * 86400 + 86400
        - {{ local_second('created_at') }} as age_seconds
    from leads
)

select
    lead_key,
    rep_code,
    team_code,
    fiscal_month,
    is_answered,
    response_units,
    age_seconds,
    case
        when is_answered then response_units
        else {{ int_div('age_seconds * 10000', 60) }}
    end as watched_units
from aged
