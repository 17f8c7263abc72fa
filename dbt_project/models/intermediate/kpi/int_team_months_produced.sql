{#- Grain: team x fiscal month with any fact of a rep, and (all), the company, in every
    month. Real teams and real reps alone: what (none) and (unknown) sold is nobody's
    productivity. The parts of a value that is not to be shown are NULL. -#}
with sold as (
    select
        rep_code,
        team_code,
        fiscal_month,
        active_day_count,
        headcount_average,
        credited_net_revenue,
        revenue_status
    from {{ ref('int_rep_months_sold') }}
    where
        rep_code not in ({{ none_code() }}, {{ unknown_code() }})
        and team_code not in ({{ none_code() }}, {{ unknown_code() }})
),

worked as (
    select
        rep_code,
        team_code,
        fiscal_month,
        two_way_touch_count
    from {{ ref('int_rep_months_worked') }}
),

months as (
    select fiscal_month from {{ ref('int_fiscal_months_listed') }}
),

salaried as (
    select
        team_code,
        fiscal_month,
        member_count,
        pay_amount,
        credited_net_revenue,
        pay_status
    from {{ ref('int_team_months_salaried') }}
),

salaries as (
    select count(*) as row_count from salaried
),

feeds as (
    select has_activities from {{ ref('int_feeds_filled') }}
),

members as (
    select
        sold.*,
        worked.two_way_touch_count
    from sold
    inner join worked
        on
            sold.rep_code = worked.rep_code
            and sold.team_code = worked.team_code
            and sold.fiscal_month = worked.fiscal_month
),

grouped as (
    select * from members
    union all
    select
        rep_code,
        {{ all_code() }} as team_code,
        fiscal_month,
        active_day_count,
        headcount_average,
        credited_net_revenue,
        revenue_status,
        two_way_touch_count
    from members
),

summed as (
    select
        team_code,
        fiscal_month,
        count(distinct case when active_day_count > 0 then rep_code end)
            as active_rep_count,
        sum(headcount_average) as headcount_average,
        sum(credited_net_revenue) as credited_net_revenue,
        sum(active_day_count) as active_day_count,
        sum(two_way_touch_count) as two_way_touch_count,
        count(case when revenue_status <> 'ok' then 1 end) as partial_count
    from grouped
    group by team_code, fiscal_month
),

keys as (
    select
        team_code,
        fiscal_month
    from summed
    union
    select
        {{ all_code() }} as team_code,
        fiscal_month
    from months
)

select
    keys.team_code,
    keys.fiscal_month,
    coalesce(summed.active_rep_count, 0) as active_rep_count,
    summed.credited_net_revenue,
    summed.headcount_average,
    case when feeds.has_activities then summed.two_way_touch_count end
        as two_way_touch_count,
    case when feeds.has_activities then summed.active_day_count end
        as active_day_count,
    case when salaried.pay_status in ('ok', 'partial') then salaried.member_count end
        as base_pay_rep_count,
    case when salaried.pay_status in ('ok', 'partial') then salaried.pay_amount end
        as pay_amount,
    case
        when salaried.pay_status in ('ok', 'partial')
            then salaried.credited_net_revenue
    end as paid_net_revenue,
    case
        when summed.team_code is null then 'no_data'
        when summed.active_rep_count < {{ definition('low_n') }} then 'low_n'
        when summed.partial_count > 0 then 'partial'
        else 'ok'
    end as productivity_status,
    case
        when summed.team_code is null or not feeds.has_activities then 'no_data'
        when summed.active_rep_count < {{ definition('low_n') }} then 'low_n'
        else 'ok'
    end as touch_status,
    case
        when salaries.row_count = 0 then 'no_data'
        else coalesce(salaried.pay_status, 'suppressed')
    end as pay_status
from keys
cross join feeds
cross join salaries
left join summed
    on
        keys.team_code = summed.team_code
        and keys.fiscal_month = summed.fiscal_month
left join salaried
    on
        keys.team_code = salaried.team_code
        and keys.fiscal_month = salaried.fiscal_month
