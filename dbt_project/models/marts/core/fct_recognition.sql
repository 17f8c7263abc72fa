{#- Grain: award x recipient. Additive: points. The recipient's team is that of the day
    of the award. Business rule: K70. Source: people.recognitions. -#}

with reps as (
    select
        rep_code,
        rep_key,
        team_code,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
)

select
    {{ surrogate_key(
        ['awards.source_system', 'awards.award_id', 'awards.recipient_code']
    ) }} as recognition_key,
    awards.source_system,
    awards.row_id,
    awards.award_id,
    awards.recipient_code as rep_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    awards.recognition_type,
    awards.business_date,
    {{ fiscal_month('awards.business_date') }} as fiscal_month,
    awards.points
from {{ ref('int_recognitions_judged') }} as awards
left join reps
    on
        awards.recipient_code = reps.rep_code
        and {{ version_on('reps', 'awards.business_date') }}
where awards.verdict = 'accepted'
