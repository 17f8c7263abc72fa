{#- Grain: fiscal quarter with a listed month, up to that of as_of. Its period end is
    the last ceil(10 %) of its workdays (K93), begins with the first of them and lasts to
    the quarter's last day; a quarter is over when as_of has reached that day. -#}
with months as (
    select distinct fiscal_quarter
    from {{ ref('int_fiscal_months_listed') }}
),

days as (
    select
        date_day,
        fiscal_quarter,
        case when is_workday then 1 else 0 end as workday
    from {{ ref('dim_date') }}
    where date_key > 0
),

numbered as (
    select
        date_day,
        fiscal_quarter,
        workday,
        sum(workday) over (partition by fiscal_quarter) as workday_count,
        sum(workday) over (
            partition by fiscal_quarter
            order by date_day desc nulls last
            rows between unbounded preceding and current row
        ) as workdays_left
    from days
),

bounded as (
    select
        fiscal_quarter,
        min(date_day) as quarter_start_date,
        max(date_day) as quarter_end_date,
        min(
            case
                when
                    workday = 1
                    and workdays_left <= {{ int_div(
                        'workday_count * ' ~ definition('period_end_workday_percent') ~ ' + 99', 100
                    ) }}
                    then date_day
            end
        ) as period_end_start_date
    from numbered
    group by fiscal_quarter
)

select
    bounded.fiscal_quarter,
    bounded.quarter_start_date,
    bounded.quarter_end_date,
    bounded.period_end_start_date,
    {{ add_days('bounded.quarter_end_date', '-' ~ definition('period_end_days')) }}
        as before_last_days_date,
    bounded.quarter_end_date <= {{ as_of() }} as is_over,
    {{ add_days('bounded.quarter_end_date', definition('reply_window_days')) }}
    <= {{ as_of() }} as is_answered
from bounded
inner join months on bounded.fiscal_quarter = months.fiscal_quarter
