{#- Grain: calendar day up to as_of, with the first and last day of its fiscal quarter
    and the number of that quarter (year x 4 + quarter - 1), which has no gap. -#}
with days as (
    select
        date_day,
        fiscal_month,
        fiscal_quarter
    from {{ ref('dim_date') }}
    where date_key > 0
),

bounded as (
    select
        date_day,
        fiscal_month,
        fiscal_quarter,
        min(date_day) over (partition by fiscal_quarter) as quarter_start_date,
        max(date_day) over (partition by fiscal_quarter) as quarter_end_date
    from days
)

select
    date_day,
    fiscal_month,
    fiscal_quarter,
    cast({{ fiscal_quarter_no('date_day') }} as bigint) as quarter_no,
    quarter_start_date,
    quarter_end_date
from bounded
where date_day <= {{ as_of() }}
