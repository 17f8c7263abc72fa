{#- Grain: master customer x fiscal month. Parts of K22 to K26 as 0, 1 or
    constant-currency money of one customer (any group's ratio = sum / sum), and the
    state of the customer at t. Retention is NULL while fewer than 24 whole months of
    data lie behind t; the unknown customer is 0 of 0. -#}
with windowed as (
    select
        master_customer_code,
        fiscal_month,
        month_index,
        judged_date,
        is_unknown_customer,
        full_month_count >= 24 as is_mature,
        last_order_date,
        cast(extract(year from last_order_date) as bigint) * 12
        + cast(extract(month from last_order_date) as bigint) as last_order_month_index,
        placed_count_12m > 0 as is_active,
        placed_count_prior_12m > 0 as was_active,
        kept_count_12m,
        comeback_count_12m,
        first_order_date,
        net_revenue_constant_12m as revenue_now,
        net_revenue_constant_prior_12m as revenue_then,
        unconverted_count_12m + unconverted_count_prior_12m = 0 as is_converted
    from {{ ref('int_customer_months_windowed') }}
),

gaps as (
    select
        master_customer_code,
        month_index,
        order_gap_median_days
    from {{ ref('int_customer_gaps_ranked') }}
),

feeds as (
    select has_plan_rates from {{ ref('int_feeds_filled') }}
),

silent as (
    select
        windowed.*,
        gaps.order_gap_median_days,
        feeds.has_plan_rates,
        {{ days_between('windowed.last_order_date', 'windowed.judged_date') }}
            as silent_days
    from windowed
    cross join feeds
    left join gaps
        on
            windowed.master_customer_code = gaps.master_customer_code
            and windowed.last_order_month_index = gaps.month_index
)

select
    master_customer_code,
    fiscal_month,
    order_gap_median_days,
    case
        when is_unknown_customer then {{ none_code() }}
        when last_order_date is null then 'prospect'
        when not is_active then 'churned'
        when
            silent_days > {{ definition('at_risk_min_days') }}
            and silent_days
            > {{ definition('at_risk_gap_factor') }} * order_gap_median_days
            then 'at_risk'
        when comeback_count_12m > 0 then 'won_back'
        when {{ add_months('first_order_date', 12) }} > judged_date then 'new'
        else 'active'
    end as churn_state,
    case
        when is_mature
            then
                case
                    when was_active and is_active and not is_unknown_customer then 1
                    else 0
                end
    end as logo_retention_numerator,
    case
        when is_mature
            then case when was_active and not is_unknown_customer then 1 else 0 end
    end as logo_retention_denominator,
    case
        when is_mature and is_converted
            then
                case
                    when revenue_then > 0 and not is_unknown_customer
                        then greatest(0, least(revenue_now, revenue_then))
                    else 0
                end
    end as gross_retention_numerator,
    case
        when is_mature and is_converted
            then
                case
                    when revenue_then > 0 and not is_unknown_customer then revenue_now
                    else 0
                end
    end as net_retention_numerator,
    case
        when is_mature and is_converted
            then
                case
                    when revenue_then > 0 and not is_unknown_customer then revenue_then
                    else 0
                end
    end as revenue_retention_denominator,
    case when kept_count_12m > 1 and not is_unknown_customer then 1 else 0 end
        as repeat_purchase_numerator,
    case when kept_count_12m > 0 and not is_unknown_customer then 1 else 0 end
        as repeat_purchase_denominator,
    case
        when not is_mature then 'immature'
        when not is_converted then 'no_data'
        when not has_plan_rates then 'partial'
        else 'ok'
    end as retention_status
from silent
