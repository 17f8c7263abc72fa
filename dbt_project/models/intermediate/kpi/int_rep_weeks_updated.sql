{#- Grain: rep x ISO week at whose end the rep owned an open deal (K54, twin). Open
    deals, and those of them with a change of any tracked field within the window that
    ends with the week. NULL where the history of some open deal of that day, or whose
    it was, is not known. -#}
with weeks as (
    select
        iso_week as week,
        max(date_day) as week_end_date
    from {{ ref('dim_date') }}
    where date_key > 0
    group by iso_week
),

deals as (
    select
        weeks.week,
        weeks.week_end_date,
        states.opportunity_key,
        coalesce(states.owner_rep_code, {{ none_code() }}) as rep_code,
        case
            when states.history_status = 'ok' and states.is_owner_known then 0 else 1
        end as is_unknown
    from {{ ref('snap_opportunity_day') }} as states
    inner join weeks on states.snapshot_date = weeks.week_end_date
    where states.state = 'open'
),

judged as (
    select
        week,
        sum(is_unknown) = 0 as is_known
    from deals
    group by week
),

updated as (
    select distinct
        deals.week,
        deals.opportunity_key
    from deals
    inner join {{ ref('fct_opportunity_stage') }} as changes
        on
            deals.opportunity_key = changes.opportunity_key
            and deals.week_end_date >= changes.changed_date
            and {{ add_days(
                'deals.week_end_date', '-' ~ definition('deal_update_days')
            ) }} < changes.changed_date
)

select
    deals.rep_code,
    deals.week,
    case when judged.is_known then count(*) end as open_count,
    case when judged.is_known then count(updated.opportunity_key) end as updated_count
from deals
inner join judged on deals.week = judged.week
left join updated
    on
        deals.week = updated.week
        and deals.opportunity_key = updated.opportunity_key
group by deals.rep_code, deals.week, judged.is_known
