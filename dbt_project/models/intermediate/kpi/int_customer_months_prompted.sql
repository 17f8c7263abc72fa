{#- Grain: master customer x fiscal month. Touch age (K58), pool, cases and needs with
    NULL where no source fills the feed, and the next action: the first rule that
    holds, with its reason. From its reclaim date on a customer is in the pool, whoever
    the source still names as owner, and no longer due. The unknown customer prompts
    nothing. -#}
with described as (
    select
        master_customer_code,
        fiscal_month,
        judged_date,
        coalesce(is_key_account, tier_code = 'A', false) as is_key,
        owner_rep_code,
        created_date
    from {{ ref('int_customer_months_described') }}
),

windowed as (
    select
        master_customer_code,
        fiscal_month,
        is_unknown_customer,
        first_order_date,
        last_order_date,
        last_two_way_touch_date,
        order_count_total
    from {{ ref('int_customer_months_windowed') }}
),

retained as (
    select
        master_customer_code,
        fiscal_month,
        churn_state
    from {{ ref('int_customer_months_retained') }}
),

touched as (
    select * from {{ ref('int_customer_months_touched') }}
),

feeds as (
    select
        has_activities,
        has_owners,
        has_cases,
        has_needs
    from {{ ref('int_feeds_filled') }}
),

stated as (
    select
        described.master_customer_code,
        described.fiscal_month,
        described.judged_date,
        described.is_key,
        windowed.is_unknown_customer,
        windowed.first_order_date,
        windowed.last_order_date,
        windowed.order_count_total,
        retained.churn_state,
        touched.overdue_case_count,
        touched.reclaim_date,
        case
            when feeds.has_activities and not windowed.is_unknown_customer
                then
                    {{ days_between(
                        'coalesce(windowed.last_two_way_touch_date, '
                        ~ 'described.created_date, windowed.first_order_date)',
                        'described.judged_date'
                    ) }}
        end as touch_age_days,
        case when feeds.has_activities then touched.two_way_touch_count_90d end
            as two_way_touch_count_90d,
        case when feeds.has_cases then touched.case_count_12m end as case_count_12m,
        case when feeds.has_cases then touched.open_case_count end as open_case_count,
        case when feeds.has_needs then touched.recorded_need_count end
            as recorded_need_count,
        case
            when windowed.is_unknown_customer or not feeds.has_owners then null
            when
                described.owner_rep_code is null
                or touched.reclaim_date <= described.judged_date
                then 'pool'
            when
                touched.reclaim_date
                <= {{ add_days('described.judged_date', definition('pool_due_days')) }}
                then 'reclaim_due'
            else 'owned'
        end as pool_state
    from described
    inner join windowed
        on
            described.master_customer_code = windowed.master_customer_code
            and described.fiscal_month = windowed.fiscal_month
    inner join retained
        on
            described.master_customer_code = retained.master_customer_code
            and described.fiscal_month = retained.fiscal_month
    cross join feeds
    left join touched
        on
            described.master_customer_code = touched.master_customer_code
            and described.fiscal_month = touched.fiscal_month
),

prompted as (
    select
        *,
        case
            when is_unknown_customer then 'none'
            when overdue_case_count > 0 then 'answer_case'
            when is_key and touch_age_days > {{ definition('key_touch_days') }}
                then 'touch_key_account'
            when pool_state = 'reclaim_due' then 'reclaim_due'
            when
                churn_state = 'at_risk'
                or (
                    churn_state = 'churned'
                    and {{ add_months('last_order_date', 12) }}
                    > {{ add_days('judged_date', -180) }}
                )
                then 'win_back'
            when
                churn_state = 'new'
                and order_count_total = 1
                and {{ days_between('first_order_date', 'judged_date') }} > 60
                then 'second_order'
            else 'none'
        end as next_action_code
    from stated
)

select
    master_customer_code,
    fiscal_month,
    touch_age_days,
    two_way_touch_count_90d,
    case_count_12m,
    open_case_count,
    recorded_need_count,
    pool_state,
    case when pool_state is not null then reclaim_date end as reclaim_date,
    next_action_code,
    case next_action_code
        when 'answer_case'
            then
                'open cases past their reply time: '
                || cast(overdue_case_count as string)
        when 'touch_key_account'
            then 'days since the last two-way touch: ' || cast(touch_age_days as string)
        when 'reclaim_due'
            then 'goes to the pool on ' || cast(reclaim_date as string)
        when 'win_back'
            then churn_state || ', last order on ' || cast(last_order_date as string)
        when 'second_order'
            then 'one order, on ' || cast(first_order_date as string)
    end as next_action_reason
from prompted
