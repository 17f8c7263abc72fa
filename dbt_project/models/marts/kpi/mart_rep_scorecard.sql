{#- Grain: rep x team (of the event date) x fiscal month x reporting currency; a rep who
    moves in mid-month has two rows; (none) and (unknown) are rows, so that totals tie.
    No names.
    Not additive: ratios, averages and medians (sum the parts); overlay is a memo, never
    added to credited; open_*, coverage_* and retention hold at a point in time, never
    over months.
    Rule: K10-K13, K16, K17, K19-K22, K24, K40, K41, K54, K57, K62, K67, K68 of
    quality/metrics.yml, owner sales_operations.
    Source: bridge_order_credit, fct_quota, fct_opportunity, fct_activity, fct_lead,
    fct_customer_ownership, surveys. -#}
{#- Of a rep without a row in the ledger nothing is known; else an empty month is 0. -#}
{%- set accrued = (
    'case when payees.rep_code is not null'
    ~ ' then coalesce(paid.commission_accrued_amount, 0) end'
) %}

with sold as (
    select
        rep_code,
        team_code,
        fiscal_month,
        current_team_code,
        manager_code,
        role_code,
        plan_code,
        tenure_months,
        ramp_state,
        active_day_count,
        leave_day_count,
        headcount_average,
        credited_gross_revenue,
        credited_discount_amount,
        credited_return_amount,
        credited_net_revenue,
        credited_margin_amount,
        order_credit_count,
        overlay_net_revenue_memo,
        quota_amount,
        full_quota_amount,
        attainment_numerator,
        revenue_status
    from {{ ref('int_rep_months_sold') }}
),

worked as (
    select
        rep_code,
        team_code,
        fiscal_month,
        is_latest_month,
        won_in_window_count,
        created_count,
        won_count,
        lost_count,
        won_amount,
        lost_amount,
        amount_missing_count,
        won_cycle_days,
        sales_cycle_median_days,
        sales_cycle_km_median_days,
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
        nps_balance,
        mature_lead_count
    from {{ ref('int_rep_months_worked') }}
),

responded as (
    select
        rep_code,
        team_code,
        fiscal_month,
        response_median_minutes,
        response_p90_minutes,
        response_km_median_minutes,
        within_5_minutes_count,
        aged_5_minutes_count,
        within_1_hour_count,
        aged_1_hour_count,
        touched_count,
        converted_count,
        device_count,
        mobile_count
    from {{ ref('int_rep_months_responded') }}
),

piped as (
    select
        rep_code,
        team_code,
        fiscal_month,
        is_pipeline_known,
        open_opportunity_count,
        open_pipeline_amount,
        qualified_pipeline_amount,
        stale_pipeline_amount,
        coverage_remaining_numerator,
        coverage_remaining_denominator,
        coverage_target_numerator,
        coverage_target_denominator,
        coverage_state
    from {{ ref('int_rep_months_piped') }}
),

retained as (
    select
        rep_code,
        team_code,
        fiscal_month,
        logo_retention_numerator,
        logo_retention_denominator,
        net_retention_numerator,
        net_retention_denominator
    from {{ ref('int_rep_months_retained') }}
),

attended as (
    select
        rep_code,
        team_code,
        fiscal_month,
        key_account_count,
        touched_key_account_count
    from {{ ref('int_rep_months_attended') }}
),

adopted as (
    select
        rep_code,
        team_code,
        fiscal_month,
        adopted_count,
        due_count
    from {{ ref('int_rep_months_adopted') }}
),

peered as (
    select * from {{ ref('int_rep_months_peered') }}
),

paid as (
    select
        rep_code,
        team_code,
        fiscal_month,
        commission_accrued_amount,
        commission_paid_amount
    from {{ ref('int_rep_months_paid') }}
),

payees as (
    select distinct rep_code from paid
),

recognised as (
    select
        rep_code,
        team_code,
        fiscal_month,
        recognition_count
    from {{ ref('int_rep_months_recognised') }}
),

months as (
    select
        fiscal_month,
        fiscal_quarter,
        is_period_closed,
        full_month_count
    from {{ ref('int_fiscal_months_listed') }}
),

feeds as (
    select
        has_opportunities,
        has_activities,
        has_leads,
        has_csat,
        has_nps,
        has_quotas,
        has_recognitions,
        has_plan_rates,
        has_activities and has_owners and has_key_accounts as has_coverage
    from {{ ref('int_feeds_filled') }}
)

select
    {{ as_of() }} as as_of_date,
    sold.rep_code,
    sold.team_code,
    sold.fiscal_month,
    '{{ var("reporting_currency") }}' as reporting_currency,
    sold.current_team_code,
    sold.manager_code,
    sold.role_code,
    sold.plan_code,
    sold.ramp_state,
    sold.active_day_count > 0 as is_active,
    months.fiscal_quarter,
    months.is_period_closed,
    cast(sold.active_day_count as bigint) as active_day_count,
    cast(sold.leave_day_count as bigint) as leave_day_count,
    cast(sold.tenure_months as decimal(18, 4)) as tenure_months,
    cast(sold.headcount_average as decimal(18, 4)) as headcount_average,
    cast(sold.credited_gross_revenue as decimal(18, 4)) as credited_gross_revenue,
    cast(sold.credited_discount_amount as decimal(18, 4)) as credited_discount_amount,
    cast(sold.credited_return_amount as decimal(18, 4)) as credited_return_amount,
    cast(sold.credited_net_revenue as decimal(18, 4)) as credited_net_revenue,
    cast(sold.credited_margin_amount as decimal(18, 4)) as credited_margin_amount,
    cast(sold.order_credit_count as decimal(18, 4)) as order_credit_count,
    cast(sold.overlay_net_revenue_memo as decimal(18, 4)) as overlay_net_revenue_memo,
    cast(sold.quota_amount as decimal(18, 4)) as quota_amount,
    cast(sold.full_quota_amount as decimal(18, 4)) as full_quota_amount,
    cast(sold.attainment_numerator as decimal(18, 4)) as attainment_numerator,
    cast(sold.quota_amount as decimal(18, 4)) as attainment_denominator,
    {{ safe_ratio('sold.attainment_numerator', 'sold.quota_amount') }}
        as attainment_ratio,
    cast(case when feeds.has_opportunities then worked.won_count end as bigint)
        as won_count,
    cast(case when feeds.has_opportunities then worked.lost_count end as bigint)
        as lost_count,
    cast(
        case when feeds.has_opportunities then worked.won_amount end as decimal(18, 4)
    ) as won_amount,
    cast(
        case when feeds.has_opportunities then worked.lost_amount end as decimal(18, 4)
    ) as lost_amount,
    cast(
        case when feeds.has_opportunities then worked.amount_missing_count end as bigint
    ) as amount_missing_count,
    cast(case when feeds.has_opportunities then worked.won_count end as decimal(18, 4))
        as win_rate_numerator,
    cast(
        case
            when feeds.has_opportunities then (worked.won_count + worked.lost_count)
        end as decimal(18, 4)
    )
        as win_rate_denominator,
    {{ safe_ratio('worked.won_count', '(worked.won_count + worked.lost_count)') }}
        as win_rate_ratio,
    cast(case when feeds.has_opportunities then worked.won_amount end as decimal(18, 4))
        as win_value_numerator,
    cast(
        case
            when feeds.has_opportunities then (worked.won_amount + worked.lost_amount)
        end as decimal(18, 4)
    )
        as win_value_denominator,
    {{ safe_ratio('worked.won_amount', '(worked.won_amount + worked.lost_amount)') }}
        as win_value_ratio,
    cast(
        case
            when feeds.has_opportunities then worked.won_in_window_count
        end as decimal(18, 4)
    )
        as win_created_numerator,
    cast(
        case when feeds.has_opportunities then worked.created_count end as decimal(
            18, 4
        )
    )
        as win_created_denominator,
    {{ safe_ratio('worked.won_in_window_count', 'worked.created_count') }}
        as win_created_ratio,
    {{ average_of('worked.won_cycle_days', 'worked.won_count') }}
        as sales_cycle_mean_days,
    cast(
        case when feeds.has_opportunities then worked.won_cycle_days end as decimal(
            18, 4
        )
    )
        as sales_cycle_mean_days_numerator,
    cast(case when feeds.has_opportunities then worked.won_count end as decimal(18, 4))
        as sales_cycle_mean_days_denominator,
    cast(worked.sales_cycle_median_days as decimal(18, 4)) as sales_cycle_median_days,
    cast(worked.sales_cycle_km_median_days as decimal(18, 4))
        as sales_cycle_km_median_days,
    cast(
        case
            when feeds.has_opportunities then piped.open_opportunity_count
        end as bigint
    ) as open_opportunity_count,
    cast(
        case
            when feeds.has_opportunities then piped.open_pipeline_amount
        end as decimal(18, 4)
    ) as open_pipeline_amount,
    cast(
        case
            when feeds.has_opportunities then piped.qualified_pipeline_amount
        end as decimal(18, 4)
    ) as qualified_pipeline_amount,
    cast(
        case
            when feeds.has_opportunities then piped.stale_pipeline_amount
        end as decimal(18, 4)
    ) as stale_pipeline_amount,
    cast(
        case
            when feeds.has_opportunities then piped.coverage_remaining_numerator
        end as decimal(18, 4)
    )
        as coverage_remaining_numerator,
    cast(
        case
            when feeds.has_opportunities then piped.coverage_remaining_denominator
        end as decimal(18, 4)
    )
        as coverage_remaining_denominator,
    case
        when feeds.has_opportunities
            then {{ safe_ratio(
                'piped.coverage_remaining_numerator', 'piped.coverage_remaining_denominator'
            ) }}
    end as coverage_remaining_ratio,
    cast(
        case
            when feeds.has_opportunities then piped.coverage_target_numerator
        end as decimal(18, 4)
    )
        as coverage_target_numerator,
    cast(
        case
            when feeds.has_opportunities then piped.coverage_target_denominator
        end as decimal(18, 4)
    )
        as coverage_target_denominator,
    case
        when feeds.has_opportunities
            then {{ safe_ratio(
                'piped.coverage_target_numerator', 'piped.coverage_target_denominator'
            ) }}
    end as coverage_target_ratio,
    cast(
        case
            when feeds.has_opportunities then piped.stale_pipeline_amount
        end as decimal(18, 4)
    ) as stale_numerator,
    cast(
        case
            when feeds.has_opportunities then piped.open_pipeline_amount
        end as decimal(18, 4)
    ) as stale_denominator,
    case
        when feeds.has_opportunities
            then {{ safe_ratio(
                'piped.stale_pipeline_amount', 'piped.open_pipeline_amount'
            ) }}
    end as stale_ratio,
    piped.coverage_state,
    cast(case when feeds.has_activities then worked.activity_count end as bigint)
        as activity_count,
    cast(case when feeds.has_activities then worked.call_count end as bigint)
        as call_count,
    cast(case when feeds.has_activities then worked.meeting_count end as bigint)
        as meeting_count,
    cast(case when feeds.has_activities then worked.visit_count end as bigint)
        as visit_count,
    cast(case when feeds.has_activities then worked.email_count end as bigint)
        as email_count,
    cast(case when feeds.has_activities then worked.message_count end as bigint)
        as message_count,
    cast(case when feeds.has_activities then worked.two_way_touch_count end as bigint)
        as two_way_touch_count,
    cast(case when feeds.has_leads then worked.lead_count end as bigint) as lead_count,
    cast(case when feeds.has_leads then worked.lead_answered_count end as bigint)
        as lead_answered_count,
    cast(responded.response_median_minutes as decimal(18, 4))
        as lead_response_median_minutes,
    cast(responded.response_p90_minutes as decimal(18, 4))
        as lead_response_p90_minutes,
    cast(responded.response_km_median_minutes as decimal(18, 4))
        as lead_response_km_median_minutes,
    cast(
        case
            when feeds.has_leads then coalesce(responded.within_5_minutes_count, 0)
        end as decimal(18, 4)
    ) as lead_within_5_minutes_numerator,
    cast(
        case
            when feeds.has_leads then coalesce(responded.aged_5_minutes_count, 0)
        end as decimal(18, 4)
    ) as lead_within_5_minutes_denominator,
    {{ safe_ratio(
        'responded.within_5_minutes_count', 'responded.aged_5_minutes_count'
    ) }} as lead_within_5_minutes_ratio,
    cast(
        case
            when feeds.has_leads then coalesce(responded.within_1_hour_count, 0)
        end as decimal(18, 4)
    ) as lead_within_1_hour_numerator,
    cast(
        case
            when feeds.has_leads then coalesce(responded.aged_1_hour_count, 0)
        end as decimal(18, 4)
    ) as lead_within_1_hour_denominator,
    {{ safe_ratio(
        'responded.within_1_hour_count', 'responded.aged_1_hour_count'
    ) }} as lead_within_1_hour_ratio,
    cast(
        case when feeds.has_leads then worked.converted_in_window_count end as decimal(
            18, 4
        )
    )
        as lead_conversion_numerator,
    cast(case when feeds.has_leads then worked.mature_lead_count end as decimal(18, 4))
        as lead_conversion_denominator,
    {{ safe_ratio('worked.converted_in_window_count', 'worked.mature_lead_count') }}
        as lead_conversion_ratio,
    cast(
        case
            when feeds.has_activities and feeds.has_opportunities
                then responded.converted_count
        end as decimal(18, 4)
    ) as activity_conversion_numerator,
    cast(
        case
            when feeds.has_activities and feeds.has_opportunities
                then responded.touched_count
        end as decimal(18, 4)
    ) as activity_conversion_denominator,
    case
        when feeds.has_activities and feeds.has_opportunities
            then {{ safe_ratio(
                'responded.converted_count', 'responded.touched_count'
            ) }}
    end as activity_conversion_ratio,
    cast(case when feeds.has_csat then worked.satisfied_count end as decimal(18, 4))
        as csat_numerator,
    cast(case when feeds.has_csat then worked.csat_count end as decimal(18, 4))
        as csat_denominator,
    {{ safe_ratio('worked.satisfied_count', 'worked.csat_count') }}
        as csat_ratio,
    cast(
        100
        * {{ safe_ratio('worked.nps_balance', 'worked.nps_count') }} as decimal(18, 4)
    )
        as nps_score,
    cast(case when feeds.has_nps then worked.nps_balance end as decimal(18, 4))
        as nps_score_numerator,
    cast(case when feeds.has_nps then worked.nps_count end as decimal(18, 4))
        as nps_score_denominator,
    cast(retained.logo_retention_numerator as decimal(18, 4))
        as logo_retention_numerator,
    cast(retained.logo_retention_denominator as decimal(18, 4))
        as logo_retention_denominator,
    {{ safe_ratio(
        'retained.logo_retention_numerator', 'retained.logo_retention_denominator'
    ) }}
        as logo_retention_ratio,
    cast(retained.net_retention_numerator as decimal(18, 4)) as net_retention_numerator,
    cast(retained.net_retention_denominator as decimal(18, 4))
        as net_retention_denominator,
    {{ safe_ratio(
        'retained.net_retention_numerator', 'retained.net_retention_denominator'
    ) }}
        as net_retention_ratio,
    cast(
        case
            when feeds.has_coverage then coalesce(attended.touched_key_account_count, 0)
        end as decimal(18, 4)
    ) as key_account_coverage_numerator,
    cast(
        case
            when feeds.has_coverage then coalesce(attended.key_account_count, 0)
        end as decimal(18, 4)
    ) as key_account_coverage_denominator,
    case
        when feeds.has_coverage
            then {{ safe_ratio(
                'attended.touched_key_account_count', 'attended.key_account_count'
            ) }}
    end as key_account_coverage_ratio,
    cast(
        case when feeds.has_activities then coalesce(adopted.adopted_count, 0) end
        as decimal(18, 4)
    ) as crm_adoption_numerator,
    cast(
        case when feeds.has_activities then coalesce(adopted.due_count, 0) end
        as decimal(18, 4)
    ) as crm_adoption_denominator,
    {{ safe_ratio('adopted.adopted_count', 'adopted.due_count') }}
        as crm_adoption_ratio,
    cast(
        case
            when feeds.has_activities then coalesce(responded.mobile_count, 0)
        end as decimal(18, 4)
    ) as mobile_activity_numerator,
    cast(
        case
            when feeds.has_activities then coalesce(responded.device_count, 0)
        end as decimal(18, 4)
    ) as mobile_activity_denominator,
    {{ safe_ratio(
        'responded.mobile_count', 'responded.device_count'
    ) }} as mobile_activity_ratio,
    cast(
        case
            when feeds.has_recognitions then coalesce(recognised.recognition_count, 0)
        end as bigint
    ) as recognition_count,
    {{ as_money(accrued) }} as commission_accrued_amount,
    {{ as_money(
        'case when payees.rep_code is not null'
        ~ ' then coalesce(paid.commission_paid_amount, 0) end'
    ) }} as commission_paid_amount,
    {{ as_money(accrued) }} as commission_cost_numerator,
    {{ as_money(
        'case when payees.rep_code is not null then sold.credited_net_revenue end'
    ) }} as commission_cost_denominator,
    {{ safe_ratio(accrued, 'sold.credited_net_revenue') }} as commission_cost_ratio,
    feeds.has_opportunities
    and worked.won_count + worked.lost_count
    < {{ definition('low_n') }} as is_low_n_win,
    feeds.has_csat and worked.csat_count < {{ definition('low_n') }} as is_low_n_csat,
    feeds.has_leads and worked.lead_count < {{ definition('low_n') }} as is_low_n_lead,
    sold.revenue_status,
    case
        when not feeds.has_quotas or sold.quota_amount is null then 'no_data'
        when not feeds.has_plan_rates then 'partial'
        else sold.revenue_status
    end as quota_status,
    case
        when not feeds.has_opportunities then 'no_data'
        when piped.is_pipeline_known then 'ok'
        else 'partial'
    end as pipeline_status,
    case
        when feeds.has_coverage and feeds.has_leads then 'ok'
        when feeds.has_activities or feeds.has_leads then 'partial'
        else 'no_data'
    end as activity_status,
    case
        when not feeds.has_csat and not feeds.has_nps then 'no_data'
        when worked.csat_count + worked.nps_count = 0 then 'no_data'
        when worked.csat_count < {{ definition('low_n') }} then 'low_n'
        else 'ok'
    end as survey_status,
    case
        when months.full_month_count < 24 then 'immature'
        when retained.rep_code is null then 'no_data'
        when not feeds.has_plan_rates then 'partial'
        else sold.revenue_status
    end as retention_status,
    case when payees.rep_code is null then 'no_data' else sold.revenue_status end
        as commission_status,
    cast(peered.net_revenue_team_median as decimal(18, 4))
        as peer_net_revenue_median,
    cast(peered.net_revenue_reached_count as decimal(18, 4))
        as peer_net_revenue_numerator,
    cast(peered.net_revenue_peer_count as decimal(18, 4))
        as peer_net_revenue_denominator,
    {{ safe_ratio(
        'peered.net_revenue_reached_count', 'peered.net_revenue_peer_count'
    ) }}
        as peer_net_revenue_ratio,
    peered.net_revenue_peer_count
    < {{ definition('low_n') }} as is_low_n_peer_net_revenue,
    cast(peered.attainment_team_median as decimal(18, 8))
        as peer_attainment_median,
    cast(peered.attainment_reached_count as decimal(18, 4))
        as peer_attainment_numerator,
    cast(peered.attainment_peer_count as decimal(18, 4))
        as peer_attainment_denominator,
    {{ safe_ratio(
        'peered.attainment_reached_count', 'peered.attainment_peer_count'
    ) }}
        as peer_attainment_ratio,
    peered.attainment_peer_count
    < {{ definition('low_n') }} as is_low_n_peer_attainment,
    cast(peered.win_rate_team_median as decimal(18, 8))
        as peer_win_rate_median,
    cast(peered.win_rate_reached_count as decimal(18, 4))
        as peer_win_rate_numerator,
    cast(peered.win_rate_peer_count as decimal(18, 4))
        as peer_win_rate_denominator,
    {{ safe_ratio(
        'peered.win_rate_reached_count', 'peered.win_rate_peer_count'
    ) }}
        as peer_win_rate_ratio,
    peered.win_rate_peer_count < {{ definition('low_n') }} as is_low_n_peer_win_rate
from sold
inner join worked
    on
        sold.rep_code = worked.rep_code
        and sold.team_code = worked.team_code
        and sold.fiscal_month = worked.fiscal_month
inner join piped
    on
        sold.rep_code = piped.rep_code
        and sold.team_code = piped.team_code
        and sold.fiscal_month = piped.fiscal_month
inner join months on sold.fiscal_month = months.fiscal_month
cross join feeds
left join responded
    on
        sold.rep_code = responded.rep_code
        and sold.team_code = responded.team_code
        and sold.fiscal_month = responded.fiscal_month
left join retained
    on
        sold.rep_code = retained.rep_code
        and sold.team_code = retained.team_code
        and sold.fiscal_month = retained.fiscal_month
left join attended
    on
        sold.rep_code = attended.rep_code
        and sold.team_code = attended.team_code
        and sold.fiscal_month = attended.fiscal_month
left join adopted
    on
        sold.rep_code = adopted.rep_code
        and sold.team_code = adopted.team_code
        and sold.fiscal_month = adopted.fiscal_month
left join peered
    on
        sold.rep_code = peered.rep_code
        and sold.team_code = peered.team_code
        and sold.fiscal_month = peered.fiscal_month
left join paid
    on
        sold.rep_code = paid.rep_code
        and sold.team_code = paid.team_code
        and sold.fiscal_month = paid.fiscal_month
left join payees on sold.rep_code = payees.rep_code
left join recognised
    on
        sold.rep_code = recognised.rep_code
        and sold.team_code = recognised.team_code
        and sold.fiscal_month = recognised.fiscal_month
