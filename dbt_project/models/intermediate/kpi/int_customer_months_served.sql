{#- Grain: known master customer x fiscal month with a case or a need up to t. Cases of
    twelve months, open ones and those past their reply time at t; needs recorded to
    date. -#}
with described as (
    select
        master_customer_code,
        month_index,
        fiscal_month,
        judged_date,
        is_latest_month
    from {{ ref('int_customer_months_described') }}
    where master_customer_code <> {{ unknown_code() }}
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
                            when
                                events.opened_date > {{ as_of_minus_months(12) }}
                                then 1
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
    coalesce(cases.case_count_12m, 0) as case_count_12m,
    coalesce(cases.open_case_count, 0) as open_case_count,
    coalesce(cases.overdue_case_count, 0) as overdue_case_count,
    coalesce(needs.recorded_need_count, 0) as recorded_need_count
from described
left join cases
    on
        described.master_customer_code = cases.master_customer_code
        and described.month_index = cases.month_index
left join needs
    on
        described.master_customer_code = needs.master_customer_code
        and described.month_index = needs.month_index
where cases.open_case_count is not null or needs.recorded_need_count is not null
