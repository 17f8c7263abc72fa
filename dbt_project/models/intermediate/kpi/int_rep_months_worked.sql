{#- Grain: rep x team x fiscal month (all rows of the scorecard). Deals, cycle,
    coverage, activities, leads and answers. What holds at as_of stands in the month of
    as_of alone; a cohort younger than its window is NULL. -#}
with keyed as (
    select
        rep_code,
        team_code,
        fiscal_month,
        month_end_date,
        is_latest_month
    from {{ ref('int_rep_months_keyed') }}
),

dealt as (
    select
        rep_code,
        team_code,
        fiscal_month,
        won_in_window_count,
        created_count,
        won_count,
        lost_count,
        won_amount,
        lost_amount,
        amount_missing_count,
        won_cycle_days
    from {{ ref('int_rep_months_dealt') }}
),

cycles as (
    select
        rep_code,
        team_code,
        fiscal_month,
        sales_cycle_median_days
    from {{ ref('int_rep_cycles_ranked') }}
),

curves as (
    select
        rep_code,
        team_code,
        fiscal_month,
        sales_cycle_km_median_days
    from {{ ref('int_rep_cycles_censored') }}
),

engaged as (
    select
        rep_code,
        team_code,
        fiscal_month,
        activity_count,
        call_count,
        meeting_count,
        visit_count,
        email_count,
        message_count,
        two_way_touch_count,
        lead_count,
        lead_answered_count,
        converted_in_window_count,
        csat_count,
        satisfied_count,
        nps_count,
        nps_balance
    from {{ ref('int_rep_months_engaged') }}
)

select
    keyed.rep_code,
    keyed.team_code,
    keyed.fiscal_month,
    keyed.is_latest_month,
    case
        when
            {{ add_days('keyed.month_end_date', definition('win_window_days')) }}
            <= {{ as_of() }}
            then coalesce(dealt.won_in_window_count, 0)
    end as won_in_window_count,
    case
        when
            {{ add_days('keyed.month_end_date', definition('win_window_days')) }}
            <= {{ as_of() }}
            then coalesce(dealt.created_count, 0)
    end as created_count,
    coalesce(dealt.won_count, 0) as won_count,
    coalesce(dealt.lost_count, 0) as lost_count,
    coalesce(dealt.won_amount, 0) as won_amount,
    coalesce(dealt.lost_amount, 0) as lost_amount,
    coalesce(dealt.amount_missing_count, 0) as amount_missing_count,
    coalesce(dealt.won_cycle_days, 0) as won_cycle_days,
    cycles.sales_cycle_median_days,
    curves.sales_cycle_km_median_days,
    coalesce(engaged.activity_count, 0) as activity_count,
    coalesce(engaged.call_count, 0) as call_count,
    coalesce(engaged.meeting_count, 0) as meeting_count,
    coalesce(engaged.visit_count, 0) as visit_count,
    coalesce(engaged.email_count, 0) as email_count,
    coalesce(engaged.message_count, 0) as message_count,
    coalesce(engaged.two_way_touch_count, 0) as two_way_touch_count,
    coalesce(engaged.lead_count, 0) as lead_count,
    coalesce(engaged.lead_answered_count, 0) as lead_answered_count,
    case
        when
            {{ add_days('keyed.month_end_date', definition('lead_window_days')) }}
            <= {{ as_of() }}
            then coalesce(engaged.converted_in_window_count, 0)
    end as converted_in_window_count,
    coalesce(engaged.csat_count, 0) as csat_count,
    coalesce(engaged.satisfied_count, 0) as satisfied_count,
    coalesce(engaged.nps_count, 0) as nps_count,
    coalesce(engaged.nps_balance, 0) as nps_balance,
    case
        when
            {{ add_days('keyed.month_end_date', definition('lead_window_days')) }}
            <= {{ as_of() }}
            then coalesce(engaged.lead_count, 0)
    end as mature_lead_count
from keyed
left join dealt
    on
        keyed.rep_code = dealt.rep_code
        and keyed.team_code = dealt.team_code
        and keyed.fiscal_month = dealt.fiscal_month
left join cycles
    on
        keyed.rep_code = cycles.rep_code
        and keyed.team_code = cycles.team_code
        and keyed.fiscal_month = cycles.fiscal_month
left join curves
    on
        keyed.rep_code = curves.rep_code
        and keyed.team_code = curves.team_code
        and keyed.fiscal_month = curves.fiscal_month
left join engaged
    on
        keyed.rep_code = engaged.rep_code
        and keyed.team_code = engaged.team_code
        and keyed.fiscal_month = engaged.fiscal_month
