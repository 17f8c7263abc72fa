{#- One landed award of one recipient and its verdict. Held: nobody knows the recipient
    (S16). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        award_id,
        recipient_code,
        recognition_type,
        awarded_on as business_date,
        points,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['award_id', 'recipient_code']) }} as natural_key,
        {{ version_status(['source_system', 'award_id', 'recipient_code'], 'event') }}
            as version_status
    from {{ ref('stg_people__recognitions') }}
),

known as (
    select distinct rep_code
    from {{ ref('stg_people__reps') }}
),

ruled as (
    select
        landed.*,
        case when known.rep_code is null then 'S16' end as held_rule,
        case
            when known.rep_code is null
                then 'nobody knows recipient ' || landed.recipient_code
        end as held_reason
    from landed
    left join known on landed.recipient_code = known.rep_code
)

select
    award_id,
    recipient_code,
    recognition_type,
    business_date,
    points,
    {{ judged_columns('people__recognitions') }}
from ruled
