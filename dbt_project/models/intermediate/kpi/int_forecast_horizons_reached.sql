{#- Grain: fiscal quarter x horizon that lies on or before as_of: first day, first day +
    half of the days, last day - 9. -#}
with quarters as (
    select
        fiscal_quarter,
        quarter_no,
        quarter_start_date,
        quarter_end_date,
        cast({{ int_div(
            '(' ~ days_between('quarter_start_date', 'quarter_end_date') ~ ') + 1', '2'
        ) }} as int) as half_days
    from {{ ref('int_quarter_days_listed') }}
    group by fiscal_quarter, quarter_no, quarter_start_date, quarter_end_date
),

horizons as (
    select
        fiscal_quarter,
        quarter_start_date,
        quarter_end_date,
        'day_1' as horizon_code,
        quarter_start_date as horizon_date
    from quarters
    union all
    select
        fiscal_quarter,
        quarter_start_date,
        quarter_end_date,
        'mid' as horizon_code,
        {{ add_days('quarter_start_date', 'half_days') }} as horizon_date
    from quarters
    union all
    select
        fiscal_quarter,
        quarter_start_date,
        quarter_end_date,
        'day_minus_10' as horizon_code,
        {{ add_days('quarter_end_date', -9) }} as horizon_date
    from quarters
)

select
    fiscal_quarter,
    quarter_start_date,
    quarter_end_date,
    horizon_code,
    horizon_date,
    quarter_end_date <= {{ as_of() }} as is_quarter_over
from horizons
where horizon_date <= {{ as_of() }}
