{#- Grain: one day; rows 0 (not applicable) and -1 (unknown) have no date. A workday is
    what the holidays feed says of the region's calendar (调休 included); a year of which
    it says nothing has Monday to Friday. A period is closed when as_of is after its
    close date. workday_no counts the workdays up to and with the day;
    quota_weight is what the day weighs when a quota is spread. period_close_date is the
    last day on which the figures of the day's month may still change. -#}

with days as (
    select date_day
    from ({{ day_spine(
        "cast('" ~ var('calendar_start_date') ~ "' as date)",
        add_days(add_months(month_start(as_of()), 25), -1)
    ) }}) as spine
),

holidays as (
    select
        holiday_date,
        is_workday,
        name
    from {{ ref('int_holidays_merged') }}
),

covered_years as (
    select distinct cast(extract(year from holiday_date) as bigint) as calendar_year
    from holidays
),

described as (
    select
        days.date_day,
        {{ add_days('days.date_day', '4 - ' ~ iso_weekday('days.date_day')) }}
            as thursday,
        coalesce(
            holidays.is_workday, {{ iso_weekday('days.date_day') }} <= 5
        ) as is_workday,
        coalesce(not holidays.is_workday, false) as is_holiday,
        holidays.name as holiday_name,
        case when covered_years.calendar_year is null then 'weekday' else 'holidays' end
            as workday_source
    from days
    left join holidays on days.date_day = holidays.holiday_date
    left join covered_years
        on extract(year from days.date_day) = covered_years.calendar_year
)

select
    {{ date_key('date_day') }} as date_key,
    date_day,
    {{ fiscal_year('date_day') }} as fiscal_year,
    {{ fiscal_quarter('date_day') }} as fiscal_quarter,
    {{ fiscal_month('date_day') }} as fiscal_month,
    cast(extract(year from thursday) as string) || '-W'
    || right(
        '0' || cast(
            {{ int_div('extract(doy from thursday) + 6', 7) }} as string
        ), 2
    ) as iso_week,
    {{ month_start('date_day') }} as month_start_date,
    {{ month_end('date_day') }} as month_end_date,
    cast(extract(day from date_day) as bigint) as day_of_month,
    is_workday,
    is_holiday,
    holiday_name,
    {{ close_date('date_day') }} < {{ as_of() }} as is_period_closed,
    workday_source,
    count(case when is_workday then 1 end) over (
        order by date_day nulls last rows between unbounded preceding and current row
    ) as workday_no,
    cast({{ season_weight('date_day') }} as bigint) as quota_weight,
    {{ close_date('date_day') }} as period_close_date
from described
{{ fixed_rows([
    'number', 'cast(null as date)', 'cast(null as bigint)', 'code', 'code', 'code',
    'cast(null as date)', 'cast(null as date)', 'cast(null as bigint)',
    'cast(null as boolean)', 'cast(null as boolean)', 'cast(null as string)',
    'cast(null as boolean)', 'code', 'cast(null as bigint)', 'cast(null as bigint)',
    'cast(null as date)'
]) }}
