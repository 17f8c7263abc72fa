{#- Grain: rep x ISO week with an active day, an activity or an order; (none) holds what
    no rep did.
    Not additive: ratios (sum the parts), logging_lag_median_hours.
    Rule: K54, K62 to K66 of quality/metrics.yml, owner sales_operations. K54: a rep
    active in the week with at least five human activities of their own; only weeks that
    are over, without those of more than two days on leave; its twin deal_update: open
    deals of the rep at the end of the week that changed in the last days. Hours saved are an estimate:
    a count times an assumption (M15), never measured.
    Source: fct_activity, fct_order, fct_hr_event, snap_opportunity_day,
    fct_opportunity_stage, dim_sales_rep. -#}
with keyed as (
    select
        rep_code,
        week,
        week_start_date,
        is_over,
        is_active,
        leave_day_count,
        {{ is_adoption_due() }} as is_due
    from {{ ref('int_rep_weeks_keyed') }}
),

logged as (
    select
        rep_code,
        week,
        human_count,
        device_count,
        mobile_count,
        logged_count,
        same_day_count,
        follow_up_count,
        automated_count,
        lag_median_hours
    from {{ ref('int_rep_weeks_logged') }}
),

ordered as (
    select
        rep_code,
        week,
        known_count,
        touchless_count,
        unknown_count
    from {{ ref('int_rep_weeks_ordered') }}
),

updated as (
    select
        rep_code,
        week,
        open_count,
        updated_count
    from {{ ref('int_rep_weeks_updated') }}
),

untold_weeks as (
    select distinct week
    from updated
    where open_count is null
),

told as (
    select
        (select count(*) from updated) > 0 as has_deals,
        (select count(*) from logged) > 0 as has_activities,
        (select count(*) from ordered) > 0 as has_entries
),

counted as (
    select
        keyed.rep_code,
        keyed.week,
        keyed.week_start_date,
        keyed.is_over,
        keyed.is_active,
        keyed.leave_day_count,
        keyed.is_due,
        told.has_activities,
        told.has_entries,
        logged.lag_median_hours,
        case when told.has_activities then coalesce(logged.human_count, 0) end
            as human_count,
        case when told.has_activities then coalesce(logged.device_count, 0) end
            as device_count,
        case when told.has_activities then coalesce(logged.mobile_count, 0) end
            as mobile_count,
        case when told.has_activities then coalesce(logged.logged_count, 0) end
            as logged_count,
        case when told.has_activities then coalesce(logged.same_day_count, 0) end
            as same_day_count,
        case when told.has_activities then coalesce(logged.follow_up_count, 0) end
            as follow_up_count,
        case when told.has_activities then coalesce(logged.automated_count, 0) end
            as automated_count,
        case when told.has_entries then coalesce(ordered.unknown_count, 0) end
            as unknown_count,
        case when told.has_entries then coalesce(ordered.known_count, 0) end
            as known_count,
        case when told.has_entries then coalesce(ordered.touchless_count, 0) end
            as touchless_count,
        case
            when keyed.is_over and told.has_deals and untold_weeks.week is null
                then coalesce(updated.open_count, 0)
        end as open_count,
        case
            when keyed.is_over and told.has_deals and untold_weeks.week is null
                then coalesce(updated.updated_count, 0)
        end as updated_count
    from keyed
    cross join told
    left join updated on keyed.rep_code = updated.rep_code and keyed.week = updated.week
    left join untold_weeks on keyed.week = untold_weeks.week
    left join logged on keyed.rep_code = logged.rep_code and keyed.week = logged.week
    left join ordered on keyed.rep_code = ordered.rep_code and keyed.week = ordered.week
),

parts as (
    select
        counted.*,
        case
            when
                counted.is_over and counted.is_due
                and counted.human_count >= {{ definition('adoption_min_events') }}
                then 1
            when counted.is_over and counted.has_activities then 0
        end as adopted_count,
        case
            when counted.is_over and counted.has_activities and counted.is_due then 1
            when counted.is_over and counted.has_activities then 0
        end as due_count
    from counted
)

select
    {{ as_of() }} as as_of_date,
    rep_code,
    week,
    week_start_date,
    {{ fiscal_month('week_start_date') }} as fiscal_month,
    is_active,
    cast(leave_day_count as bigint) as leave_day_count,
    cast(human_count as bigint) as activity_count,
    cast(adopted_count as decimal(18, 4)) as crm_adoption_numerator,
    cast(due_count as decimal(18, 4)) as crm_adoption_denominator,
    {{ safe_ratio('adopted_count', 'due_count') }} as crm_adoption_ratio,
    cast(mobile_count as decimal(18, 4)) as mobile_activity_numerator,
    cast(device_count as decimal(18, 4)) as mobile_activity_denominator,
    {{ safe_ratio('mobile_count', 'device_count') }} as mobile_activity_ratio,
    cast(human_count - device_count as bigint) as device_unknown_count,
    cast(lag_median_hours as decimal(18, 4)) as logging_lag_median_hours,
    cast(same_day_count as decimal(18, 4)) as same_day_log_numerator,
    cast(logged_count as decimal(18, 4)) as same_day_log_denominator,
    {{ safe_ratio('same_day_count', 'logged_count') }} as same_day_log_ratio,
    cast(automated_count as decimal(18, 4)) as automation_numerator,
    cast(follow_up_count as decimal(18, 4)) as automation_denominator,
    {{ safe_ratio('automated_count', 'follow_up_count') }} as automation_ratio,
    cast(touchless_count as decimal(18, 4)) as touchless_order_numerator,
    cast(known_count as decimal(18, 4)) as touchless_order_denominator,
    {{ safe_ratio('touchless_count', 'known_count') }} as touchless_order_ratio,
    cast(unknown_count as bigint) as entry_unknown_count,
    {{ hours_saved('automated_count', 'follow_up') }} as follow_up_hours_saved_estimate,
    {{ hours_saved('touchless_count', 'order_entry') }}
        as order_entry_hours_saved_estimate,
    '{{ definition("automation_minutes_version") }}' as hours_saved_assumption_version,
    case
        when not has_activities then 'no_data'
        when not is_over then 'immature'
        when leave_day_count is null then 'partial'
        else 'ok'
    end as adoption_status,
    case
        when not has_entries then 'no_data'
        when unknown_count <> 0 then 'partial'
        else 'ok'
    end as order_entry_status,
    cast(updated_count as decimal(18, 4)) as deal_update_numerator,
    cast(open_count as decimal(18, 4)) as deal_update_denominator,
    {{ safe_ratio('updated_count', 'open_count') }} as deal_update_ratio,
    case
        when not is_over then 'immature'
        when open_count is null then 'no_data'
        else 'ok'
    end as deal_update_status
from parts
