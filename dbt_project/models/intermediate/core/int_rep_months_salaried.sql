{#- Grain: rep x team (of the day) x fiscal month with base pay, to as_of. A day counts
    while the rep is employed (hire to exit, both included; leave is paid) and is on a plan
    of which a component gives base pay on that day (in no released table: P03): its
    fixed pay of a month / days of the month. At the month's spot rate, rounded once; NULL where a rate is missing. -#}
with reps as (
    select
        rep_code,
        team_code,
        plan_code,
        greatest(match_from, hire_date) as paid_from,
        case
            when exit_date is null then valid_to
            else least(valid_to, {{ add_days('exit_date', 1) }})
        end as paid_to
    from {{ ref('dim_sales_rep') }}
    where hire_date is not null
),

components as (
    select
        versions.plan_code,
        versions.currency,
        delivered.base_pay,
        versions.valid_from,
        versions.valid_to
    from {{ ref('dim_comp_plan') }} as versions
    inner join {{ ref('int_comp_plans_judged') }} as delivered
        on versions.row_id = delivered.row_id
    where delivered.base_pay is not null
),

months as (
    select
        fiscal_month,
        month_start_date,
        {{ days_between('month_start_date', 'month_end_date') }} + 1 as month_day_count,
        {{ add_days('least(month_end_date, ' ~ as_of() ~ ')', 1) }} as after_judged_date
    from {{ ref('dim_date') }}
    where
        date_key > 0
        and date_day = month_end_date
        and month_start_date <= {{ as_of() }}
),

rates as (
    select
        from_currency,
        fiscal_month,
        rate
    from {{ ref('int_fx_rates_monthly') }}
),

held as (
    select
        reps.rep_code,
        reps.team_code,
        components.currency,
        components.base_pay,
        greatest(reps.paid_from, components.valid_from) as paid_from,
        least(reps.paid_to, components.valid_to) as paid_to
    from reps
    inner join components
        on
            reps.plan_code = components.plan_code
            and reps.paid_from < components.valid_to
            and reps.paid_to > components.valid_from
    where reps.paid_from < reps.paid_to
),

counted as (
    select
        held.rep_code,
        held.team_code,
        held.currency,
        held.base_pay,
        months.fiscal_month,
        months.month_day_count,
        {{ days_between(
            'greatest(held.paid_from, months.month_start_date)',
            'least(held.paid_to, months.after_judged_date)'
        ) }} as day_count
    from held
    inner join months
        on
            held.paid_from < months.after_judged_date
            and held.paid_to > months.month_start_date
),

converted as (
    select
        counted.*,
        case
            when counted.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as rate
    from counted
    left join rates
        on
            counted.currency = rates.from_currency
            and counted.fiscal_month = rates.fiscal_month
),

summed as (
    select
        rep_code,
        team_code,
        fiscal_month,
        month_day_count,
        count(*) - count(rate) as unconverted_count,
        sum(
            {{ wide_int(units('base_pay')) }} * day_count * {{ rate_units('rate') }}
        ) as weighed_units
    from converted
    group by rep_code, team_code, fiscal_month, month_day_count
)

select
    rep_code,
    team_code,
    fiscal_month,
    case
        when unconverted_count = 0
            then {{ money(rounded_div(
                'weighed_units', '(month_day_count * 100000000)'
            )) }}
    end as base_pay_amount
from summed
