{#- Grain: team (and (all)) x fiscal month x group of people behind a rate. Which are
    hidden: macro is_group_hidden (P03). -#}
{%- set groups = {
    'recognition': 'headcount',
    'promotion': 'headcount_average',
    'time_in_grade': 'graded_count',
    'retention_recognised': 'kept_recognised_count',
    'retention_other': 'kept_other_count',
} %}
with staffed as (
    select
        team_code,
        fiscal_month,
        headcount
    from {{ ref('int_team_months_recognised') }}
),

promoted as (
    select
        team_code,
        fiscal_month,
        headcount_average,
        graded_count
    from {{ ref('int_team_months_promoted') }}
),

kept as (
    select
        team_code,
        fiscal_month,
        recognised_count as kept_recognised_count,
        other_count as kept_other_count
    from {{ ref('int_team_months_kept') }}
),

keys as (
    select
        team_code,
        fiscal_month
    from staffed
    union
    select
        team_code,
        fiscal_month
    from promoted
),

joined as (
    select
        keys.team_code,
        keys.fiscal_month,
        coalesce(staffed.headcount, 0) as headcount,
        coalesce(promoted.headcount_average, 0) as headcount_average,
        coalesce(promoted.graded_count, 0) as graded_count,
        coalesce(kept.kept_recognised_count, 0) as kept_recognised_count,
        coalesce(kept.kept_other_count, 0) as kept_other_count
    from keys
    left join staffed
        on
            keys.team_code = staffed.team_code
            and keys.fiscal_month = staffed.fiscal_month
    left join promoted
        on
            keys.team_code = promoted.team_code
            and keys.fiscal_month = promoted.fiscal_month
    left join kept
        on keys.team_code = kept.team_code and keys.fiscal_month = kept.fiscal_month
),

counted as (
    {%- for group, members in groups.items() %}
        select
            team_code,
            fiscal_month,
            '{{ group }}' as group_code,
            cast({{ members }} as decimal(18, 4)) as member_count,
            {{ members }} < {{ definition('low_n') }} as is_small
        from joined
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

summed as (
    select
        *,
        sum(case when is_small and team_code <> {{ all_code() }} then member_count end)
            over (partition by fiscal_month, group_code) as small_count,
        {{ group_size_no('fiscal_month, group_code') }} as size_no
    from counted
),

months as (
    select
        fiscal_month,
        full_month_count >= 12 as is_year_known,
        {{ add_months('judged_date', 12) }} <= {{ as_of() }} as is_followed
    from {{ ref('int_fiscal_months_listed') }}
),

feeds as (
    select
        has_recognitions,
        has_hr_events
    from {{ ref('int_feeds_filled') }}
)

select
    summed.team_code,
    summed.fiscal_month,
    summed.group_code,
    summed.member_count,
    case
        when
            not case
                when summed.group_code in ('promotion', 'time_in_grade')
                    then feeds.has_hr_events
                else feeds.has_recognitions
            end
            then 'no_data'
        when
            summed.group_code in ('promotion', 'time_in_grade')
            and not months.is_year_known
            then 'immature'
        when
            summed.group_code in ('retention_recognised', 'retention_other')
            and not months.is_followed
            then 'immature'
        when {{ is_group_hidden('summed') }} then 'suppressed'
        else 'ok'
    end as group_status
from summed
inner join months on summed.fiscal_month = months.fiscal_month
cross join feeds
