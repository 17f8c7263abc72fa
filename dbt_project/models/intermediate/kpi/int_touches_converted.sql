{#- Grain: rep x team x activity type x ISO week (K20). Parties (customers and leads)
    that the rep touched in the week, and those of them with an opportunity created
    within the window after it. An opportunity belongs to the last human touch of its
    customer, or of the lead that became it, on or before its creation: to that one
    alone. followed_count is a memo: parties with an opportunity within the window,
    whichever touch it belongs to. The week counts in the fiscal month of its Monday. -#}
with touches as (
    select
        activity_key,
        occurred_at,
        business_date,
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        team_code,
        activity_type,
        week,
        case
            when party_type = 'customer' then 'customer|' || master_customer_code
            when lead_id is not null then 'lead|' || source_system || '|' || lead_id
        end as party_code
    from {{ ref('fct_activity') }}
    where
        is_human
        and (
            (party_type = 'customer' and master_customer_code <> {{ unknown_code() }})
            or (coalesce(party_type, 'lead') = 'lead' and lead_id is not null)
        )
),

deals as (
    select
        opportunity_key,
        created_date,
        'customer|' || master_customer_code as party_code
    from {{ ref('fct_opportunity') }}
    where master_customer_code <> {{ unknown_code() }} and state <> 'merged'
    union all
    select
        deals.opportunity_key,
        deals.created_date,
        'lead|' || leads.source_system || '|' || leads.lead_id as party_code
    from {{ ref('fct_opportunity') }} as deals
    inner join {{ ref('fct_lead') }} as leads
        on
            deals.source_system = leads.source_system
            and deals.opportunity_id = leads.opportunity_id
    where deals.state <> 'merged'
),

credited as (
    select
        touches.activity_key,
        {{ days_between('touches.business_date', 'deals.created_date') }}
            as days_after,
        row_number() over (
            partition by deals.opportunity_key
            order by
                touches.occurred_at desc nulls last,
                touches.activity_key asc nulls last
        ) as latest_rank
    from deals
    inner join touches
        on
            deals.party_code = touches.party_code
            and deals.created_date >= touches.business_date
),

followed as (
    select
        activity_key,
        min(latest_rank) = 1 as is_credited
    from credited
    where days_after <= {{ definition('touch_window_days') }}
    group by activity_key
),

weeks as (
    select
        iso_week,
        min(date_day) as monday
    from {{ ref('dim_date') }}
    where date_key > 0
    group by iso_week
)

select
    touches.rep_code,
    touches.team_code,
    touches.activity_type,
    touches.week,
    weeks.monday as week_start_date,
    {{ fiscal_month('weeks.monday') }} as fiscal_month,
    {{ add_days('weeks.monday', '6 + ' ~ definition('touch_window_days')) }}
    <= {{ as_of() }} as is_mature,
    count(distinct touches.party_code) as touched_count,
    count(distinct case when followed.is_credited then touches.party_code end)
        as converted_count,
    count(
        distinct case when followed.activity_key is not null then touches.party_code end
    ) as followed_count
from touches
inner join weeks on touches.week = weeks.iso_week
left join followed on touches.activity_key = followed.activity_key
group by
    touches.rep_code, touches.team_code, touches.activity_type, touches.week,
    weeks.monday
