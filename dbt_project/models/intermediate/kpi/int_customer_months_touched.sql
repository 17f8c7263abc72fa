{#- Grain: known master customer x fiscal month. Two-way touches of 90 days, cases and
    needs at t, and the pool: an owner's customer is due for reclaim pool_reclaim_days
    after the owner's last two-way touch or counted order since becoming the owner
    (none: since then). -#}
with described as (
    select
        master_customer_code,
        month_index,
        fiscal_month,
        judged_date,
        is_latest_month,
        owner_rep_code,
        owner_since_date
    from {{ ref('int_customer_months_described') }}
    where master_customer_code <> {{ unknown_code() }}
),

owner_days as (
    select
        master_customer_code,
        rep_code,
        business_date
    from {{ ref('fct_activity') }}
    where is_two_way_touch
    union distinct
    select
        master_customer_code,
        owner_rep_code as rep_code,
        business_date
    from {{ ref('fct_order') }}
    where is_counted
),

met as (
    select
        described.master_customer_code,
        described.month_index,
        max(owner_days.business_date) as last_met_date
    from described
    inner join owner_days
        on
            described.master_customer_code = owner_days.master_customer_code
            and described.owner_rep_code = owner_days.rep_code
            and described.judged_date >= owner_days.business_date
    group by described.master_customer_code, described.month_index
),

touches as (
    select
        described.master_customer_code,
        described.month_index,
        sum(days.two_way_touch_count) as two_way_touch_count_90d,
        sum(
            case
                when days.fiscal_month = described.fiscal_month then days.two_way_touch_count
                else 0
            end
        ) as two_way_touch_count_month
    from described
    inner join {{ ref('int_customer_days_summed') }} as days
        on
            described.master_customer_code = days.master_customer_code
            and described.judged_date >= days.business_date
            and {{ add_days('described.judged_date', -90) }} < days.business_date
    where days.two_way_touch_count > 0
    group by described.master_customer_code, described.month_index
),

cases as (
    select
        described.master_customer_code,
        described.month_index,
        sum(
            case
                when described.is_latest_month
                    then
                        case
                            when events.opened_date > {{ as_of_minus_months(12) }} then 1
                            else 0
                        end
                when
                    events.opened_date
                    > {{ month_end(add_months('described.judged_date', -12)) }}
                    then 1
                else 0
            end
        ) as case_count_12m,
        sum(
            case
                when coalesce(events.closed_date > described.judged_date, true) then 1
                else 0
            end
        ) as open_case_count,
        sum(
            case
                when
                    coalesce(events.closed_date > described.judged_date, true)
                    and coalesce(events.first_reply_date > described.judged_date, true)
                    and events.reply_due_date <= described.judged_date
                    then 1
                else 0
            end
        ) as overdue_case_count
    from described
    inner join {{ ref('fct_customer_case') }} as events
        on
            described.master_customer_code = events.master_customer_code
            and described.judged_date >= events.opened_date
    group by described.master_customer_code, described.month_index
),

needs as (
    select
        described.master_customer_code,
        described.month_index,
        count(*) as recorded_need_count
    from described
    inner join {{ ref('fct_customer_need') }} as events
        on
            described.master_customer_code = events.master_customer_code
            and described.judged_date >= events.recorded_date
    group by described.master_customer_code, described.month_index
)

select
    described.master_customer_code,
    described.fiscal_month,
    coalesce(touches.two_way_touch_count_90d, 0) as two_way_touch_count_90d,
    coalesce(touches.two_way_touch_count_month, 0) as two_way_touch_count_month,
    coalesce(cases.case_count_12m, 0) as case_count_12m,
    coalesce(cases.open_case_count, 0) as open_case_count,
    coalesce(cases.overdue_case_count, 0) as overdue_case_count,
    coalesce(needs.recorded_need_count, 0) as recorded_need_count,
    case
        when described.owner_rep_code is not null
            then
                {{ add_days(
                    'greatest(coalesce(met.last_met_date, described.owner_since_date), '
                    ~ 'coalesce(described.owner_since_date, met.last_met_date))',
                    definition('pool_reclaim_days')
                ) }}
    end as reclaim_date
from described
left join met
    on
        described.master_customer_code = met.master_customer_code
        and described.month_index = met.month_index
left join touches
    on
        described.master_customer_code = touches.master_customer_code
        and described.month_index = touches.month_index
left join cases
    on
        described.master_customer_code = cases.master_customer_code
        and described.month_index = cases.month_index
left join needs
    on
        described.master_customer_code = needs.master_customer_code
        and described.month_index = needs.month_index
