{#- Grain: fiscal month, all of them. Customers' latest CSAT and NPS answers of the
    three months to the day the month is judged; NULL where no survey of the kind exists
    at all. -#}
with months as (
    select
        fiscal_month,
        judged_date,
        case
            when is_latest_month then {{ as_of_minus_months(3) }}
            else {{ month_end(add_months('month_end_date', -3)) }}
        end as answers_after_date
    from {{ ref('int_fiscal_months_listed') }}
),

answers as (
    select
        answered_date,
        case when kind = 'csat' then 1 else 0 end as is_csat,
        case when kind = 'csat' and is_satisfied then 1 else 0 end as is_satisfied,
        case when kind = 'nps' then 1 else 0 end as is_nps,
        case
            when kind = 'nps' and nps_class = 'promoter' then 1
            when kind = 'nps' and nps_class = 'detractor' then -1
            else 0
        end as nps_balance
    from {{ ref('fct_satisfaction_response') }}
    where
        respondent_type = 'customer'
        and is_answered
        and is_latest
        and (kind = 'csat' or (kind = 'nps' and nps_class is not null))
),

feeds as (
    select
        has_csat,
        has_nps
    from {{ ref('int_feeds_filled') }}
),

summed as (
    select
        months.fiscal_month,
        coalesce(sum(answers.is_csat), 0) as csat_count,
        coalesce(sum(answers.is_satisfied), 0) as satisfied_count,
        coalesce(sum(answers.is_nps), 0) as nps_count,
        coalesce(sum(answers.nps_balance), 0) as nps_balance
    from months
    left join answers
        on
            months.answers_after_date < answers.answered_date
            and months.judged_date >= answers.answered_date
    group by months.fiscal_month
)

select
    summed.fiscal_month,
    case when feeds.has_csat then summed.csat_count end as csat_count,
    case when feeds.has_csat then summed.satisfied_count end as satisfied_count,
    case when feeds.has_nps then summed.nps_count end as nps_count,
    case when feeds.has_nps then summed.nps_balance end as nps_balance
from summed
cross join feeds
