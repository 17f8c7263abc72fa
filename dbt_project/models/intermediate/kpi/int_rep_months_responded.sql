{#- Grain: rep x team x fiscal month with a lead, or with a touch in a week that begins
    in it, or an activity. K19 of the leads created in it, K20 of its weeks that are old
    enough (NULL while none is), K62 of its human activities. -#}
with leads as (
    select
        rep_code,
        team_code,
        fiscal_month,
        is_answered,
        response_units,
        age_seconds,
        watched_units,
        row_number() over (
            partition by rep_code, team_code, fiscal_month, is_answered
            order by response_units nulls last, lead_key nulls last
        ) as rank_no,
        count(*) over (partition by rep_code, team_code, fiscal_month, is_answered)
            as rank_count
    from {{ ref('int_leads_timed') }}
),

answered as (
    select
        rep_code,
        team_code,
        fiscal_month,
        {{ quantile_of_units('response_units', 5) }} as response_median_minutes,
        {{ quantile_of_units('response_units', 9) }} as response_p90_minutes
    from leads
    where is_answered
    group by rep_code, team_code, fiscal_month
),

curves as (
    {{ km_medians(
        'leads', ['rep_code', 'team_code', 'fiscal_month'], 'watched_units', 'is_answered'
    ) }}
),

shares as (
    select
        rep_code,
        team_code,
        fiscal_month,
        count(case when age_seconds >= 300 then 1 end) as aged_5_minutes_count,
        count(case when age_seconds >= 300 and response_units <= 50000 then 1 end)
            as within_5_minutes_count,
        count(case when age_seconds >= 3600 then 1 end) as aged_1_hour_count,
        count(case when age_seconds >= 3600 and response_units <= 600000 then 1 end)
            as within_1_hour_count
    from leads
    group by rep_code, team_code, fiscal_month
),

converted as (
    select
        rep_code,
        team_code,
        fiscal_month,
        sum(case when is_mature then touched_count end) as touched_count,
        sum(case when is_mature then converted_count end) as converted_count
    from {{ ref('int_touches_converted') }}
    group by rep_code, team_code, fiscal_month
),

devices as (
    select
        coalesce(rep_code, {{ none_code() }}) as rep_code,
        team_code,
        fiscal_month,
        count(device) as device_count,
        count(case when device = 'mobile' then 1 end) as mobile_count
    from {{ ref('fct_activity') }}
    where is_human
    group by coalesce(rep_code, {{ none_code() }}), team_code, fiscal_month
),

keys as (
    select
        rep_code,
        team_code,
        fiscal_month
    from shares
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from converted
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from devices
)

select
    keys.rep_code,
    keys.team_code,
    keys.fiscal_month,
    answered.response_median_minutes,
    answered.response_p90_minutes,
    {{ money('curves.km_median') }} as response_km_median_minutes,
    coalesce(shares.within_5_minutes_count, 0) as within_5_minutes_count,
    coalesce(shares.aged_5_minutes_count, 0) as aged_5_minutes_count,
    coalesce(shares.within_1_hour_count, 0) as within_1_hour_count,
    coalesce(shares.aged_1_hour_count, 0) as aged_1_hour_count,
    converted.touched_count,
    converted.converted_count,
    coalesce(devices.device_count, 0) as device_count,
    coalesce(devices.mobile_count, 0) as mobile_count
from keys
left join answered
    on
        keys.rep_code = answered.rep_code
        and keys.team_code = answered.team_code
        and keys.fiscal_month = answered.fiscal_month
left join curves
    on
        keys.rep_code = curves.rep_code
        and keys.team_code = curves.team_code
        and keys.fiscal_month = curves.fiscal_month
left join shares
    on
        keys.rep_code = shares.rep_code
        and keys.team_code = shares.team_code
        and keys.fiscal_month = shares.fiscal_month
left join converted
    on
        keys.rep_code = converted.rep_code
        and keys.team_code = converted.team_code
        and keys.fiscal_month = converted.fiscal_month
left join devices
    on
        keys.rep_code = devices.rep_code
        and keys.team_code = devices.team_code
        and keys.fiscal_month = devices.fiscal_month
