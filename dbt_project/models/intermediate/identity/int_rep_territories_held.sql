{#- Grain: rep x time in which the rep held the same territories, half-open; no row for
    a time without any. Several are one code, parted by ';' as in the feed teams: a sale
    names no territory, so one of several would be a guess. -#}

with held as (
    select distinct
        rep_code,
        territory_code,
        valid_from,
        valid_to
    from {{ ref('int_territories_assigned') }}
),

turns as (
    select
        rep_code,
        valid_from as turn_date
    from held
    union distinct
    select
        rep_code,
        valid_to as turn_date
    from held
),

spans as (
    select
        rep_code,
        turn_date as valid_from,
        lead(turn_date) over (
            partition by rep_code order by turn_date nulls last
        ) as valid_to
    from turns
),

covered as (
    select distinct
        spans.rep_code,
        held.territory_code,
        spans.valid_from,
        spans.valid_to
    from spans
    inner join held
        on
            spans.rep_code = held.rep_code
            and spans.valid_from >= held.valid_from
            and spans.valid_to <= held.valid_to
)

select
    rep_code,
    valid_from as match_from,
    valid_to,
    {{ list_text('territory_code', ';', 'territory_code') }} as territory_codes
from covered
group by rep_code, valid_from, valid_to
