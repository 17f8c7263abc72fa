{#- Grain: rep x team x fiscal month x day (first, last), while the rep is active on
    that day: employed and not on leave. last is the day the month is judged. Who is on leave
    or of no known team is in no headcount. -#}
with versions as (
    select
        rep_code,
        team_code,
        role_code,
        role_start_date,
        hire_date,
        exit_date,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
    where
        hire_date is not null
        and team_code not in ({{ none_code() }}, {{ unknown_code() }})
),

days as (
    select
        fiscal_month,
        month_index,
        'first' as day_code,
        month_start_date as day_date
    from {{ ref('int_fiscal_months_listed') }}
    union all
    select
        fiscal_month,
        month_index,
        'last' as day_code,
        judged_date as day_date
    from {{ ref('int_fiscal_months_listed') }}
),

leaves as (
    select
        rep_code,
        business_date as first_date,
        coalesce(last_date, {{ as_of() }}) as last_date
    from {{ ref('fct_hr_event') }}
    where event_type = 'leave'
),

away as (
    select distinct
        leaves.rep_code,
        days.day_date
    from leaves
    inner join days
        on
            leaves.first_date <= days.day_date
            and leaves.last_date >= days.day_date
)

select
    versions.rep_code,
    versions.team_code,
    versions.role_code,
    versions.role_start_date,
    days.fiscal_month,
    days.month_index,
    days.day_code,
    days.day_date
from versions
inner join days
    on
        {{ version_on('versions', 'days.day_date') }}
        and versions.hire_date <= days.day_date
        and coalesce(versions.exit_date, {{ last_day_of_time() }}) >= days.day_date
left join away
    on
        versions.rep_code = away.rep_code
        and days.day_date = away.day_date
where away.rep_code is null
