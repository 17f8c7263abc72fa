{#- Grain: rep x fiscal quarter with an outbound touch that a person reported.
    Unanswered: not two-way, so neither held nor connected nor answered within the reply window. -#}
with touches as (
    select
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        {{ fiscal_quarter('business_date') }} as fiscal_quarter,
        case when is_two_way_touch then 0 else 1 end as is_unanswered
    from {{ ref('fct_activity') }}
    where is_human and is_outbound
)

select
    rep_code,
    fiscal_quarter,
    count(*) as reported_count,
    sum(is_unanswered) as unanswered_count
from touches
group by rep_code, fiscal_quarter
