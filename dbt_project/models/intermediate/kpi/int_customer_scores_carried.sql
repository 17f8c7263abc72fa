{#- Grain: master customer x fiscal month in which an answer of the twelve months to t
    holds. The last CSAT and the last NPS score; an answer holds until the next one, at
    most its month and eleven more (the open month: answers after as_of less twelve
    months). -#}
with answers as (
    select
        response_key,
        respondent_code as master_customer_code,
        kind,
        answered_date,
        fiscal_month,
        score
    from {{ ref('fct_satisfaction_response') }}
    where
        respondent_type = 'customer'
        and kind in ('csat', 'nps')
        and is_answered
        and is_latest
),

months as (
    select
        fiscal_month,
        month_index,
        is_latest_month
    from {{ ref('int_fiscal_months_listed') }}
),

ranked as (
    select
        answers.master_customer_code,
        answers.kind,
        answers.answered_date,
        answers.score,
        months.month_index,
        row_number() over (
            partition by answers.master_customer_code, answers.kind, months.month_index
            order by
                answers.answered_date desc nulls last,
                answers.response_key asc nulls last
        ) as answer_rank
    from answers
    inner join months on answers.fiscal_month = months.fiscal_month
),

last_of_month as (
    select
        master_customer_code,
        kind,
        answered_date,
        score,
        month_index,
        lead(month_index) over (
            partition by master_customer_code, kind order by month_index nulls last
        ) as next_month_index
    from ranked
    where answer_rank = 1
),

carried as (
    select
        last_of_month.master_customer_code,
        months.month_index,
        last_of_month.kind,
        last_of_month.score
    from last_of_month
    inner join months
        on
            last_of_month.month_index <= months.month_index
            and months.month_index < coalesce(
                last_of_month.next_month_index, last_of_month.month_index + 13
            )
    where
        (
            not months.is_latest_month
            and months.month_index <= last_of_month.month_index + 11
        )
        or (
            months.is_latest_month
            and last_of_month.answered_date > {{ as_of_minus_months(12) }}
        )
)

select
    master_customer_code,
    month_index,
    max(case when kind = 'csat' then score end) as csat_last_score,
    max(case when kind = 'nps' then score end) as nps_last_score
from carried
group by master_customer_code, month_index
