{#- Grain: rep x team x fiscal month with an active day or any fact, up to the month of
    as_of. Attributes of the rep's version valid on the day the month is judged. Many
    parents: a row exists as soon as one of them has it, so that no sum
    falls short. -#}
with months as (
    select
        fiscal_month,
        month_index,
        month_end_date,
        judged_date,
        is_latest_month
    from {{ ref('int_fiscal_months_listed') }}
),

keys as (
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_assigned') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_credited') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_quotas_prorated') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_dealt') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_opened') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_covered') }}
    where coverage_state <> 'no_quota'
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_engaged') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_responded') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_retained') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_recognised') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_attended') }}
    union
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_adopted') }}
),

reps as (
    select
        rep_code,
        manager_code,
        role_code,
        plan_code,
        current_team_code,
        role_start_date,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
),

described as (
    select
        keys.rep_code,
        keys.team_code,
        keys.fiscal_month,
        months.month_index,
        months.month_end_date,
        months.is_latest_month,
        reps.current_team_code,
        reps.manager_code,
        reps.role_code,
        reps.plan_code,
        months.month_index - (
            cast(extract(year from reps.role_start_date) as bigint) * 12
            + cast(extract(month from reps.role_start_date) as bigint)
        ) + 1 as tenure_months
    from keys
    inner join months on keys.fiscal_month = months.fiscal_month
    left join reps
        on
            keys.rep_code = reps.rep_code
            and {{ version_on('reps', 'months.judged_date') }}
)

select
    rep_code,
    team_code,
    fiscal_month,
    month_end_date,
    is_latest_month,
    current_team_code,
    manager_code,
    role_code,
    plan_code,
    greatest(tenure_months, 0) as tenure_months,
    case
        when tenure_months is null then {{ none_code() }}
        when tenure_months <= {{ definition('ramp_months') }} then 'ramping'
        else 'ramped'
    end as ramp_state
from described
