{{ config(materialized='view') }}
{#- One assignment of a territory to a rep that began by as_of, half-open. -#}

with ranked as (
    select
        territory_code,
        rep_code,
        valid_from,
        valid_to,
        row_number() over (
            partition by territory_code, rep_code, valid_from
            order by received_at desc nulls last, row_id desc nulls last
        ) as newest_rank
    from {{ ref('stg_people__territory_assignments') }}
    where valid_from <= {{ as_of() }}
)

select
    territory_code,
    rep_code,
    valid_from,
    coalesce(valid_to, {{ last_day_of_time() }}) as valid_to
from ranked
where newest_rank = 1
