{#- One landed event of a rep's working life and its verdict. Held: nobody knows the rep
    (S16), where a source fills reps at all. A leave that begins after as_of waits. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        rep_code,
        event_type,
        valid_from as business_date,
        valid_to,
        detail_code,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['rep_code', 'event_type', 'valid_from']) }} as natural_key,
        {{ version_status(
            ['source_system', 'rep_code', 'event_type', 'valid_from'], 'event'
        ) }} as version_status
    from {{ ref('stg_people__hr_events') }}
),

known as (
    select distinct rep_code
    from {{ ref('stg_people__reps') }}
),

ruled as (
    select
        landed.*,
        case when known.rep_code is null then 'S16' end as held_rule,
        case when known.rep_code is null then 'nobody knows rep ' || landed.rep_code end
            as held_reason
    from landed
    left join known on landed.rep_code = known.rep_code
)

select
    rep_code,
    event_type,
    business_date,
    valid_to,
    detail_code,
    {{ judged_columns('people__hr_events') }}
from ruled
