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
        sum(summed.two_way_touch_count) as two_way_touch_count_90d,
        sum(
            case
                when
                    summed.fiscal_month = described.fiscal_month
                    then summed.two_way_touch_count
                else 0
            end
        ) as two_way_touch_count_month
    from described
    inner join {{ ref('int_customer_days_summed') }} as summed
        on
            described.master_customer_code = summed.master_customer_code
            and described.judged_date >= summed.business_date
            and {{ add_days('described.judged_date', -90) }} < summed.business_date
    where summed.two_way_touch_count > 0
    group by described.master_customer_code, described.month_index
)

select
    described.master_customer_code,
    described.fiscal_month,
    coalesce(touches.two_way_touch_count_90d, 0) as two_way_touch_count_90d,
    coalesce(touches.two_way_touch_count_month, 0) as two_way_touch_count_month,
    coalesce(served.case_count_12m, 0) as case_count_12m,
    coalesce(served.open_case_count, 0) as open_case_count,
    coalesce(served.overdue_case_count, 0) as overdue_case_count,
    coalesce(served.recorded_need_count, 0) as recorded_need_count,
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
left join {{ ref('int_customer_months_served') }} as served
    on
        described.master_customer_code = served.master_customer_code
        and described.fiscal_month = served.fiscal_month
