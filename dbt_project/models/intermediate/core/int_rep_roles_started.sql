{#- Grain: version of a rep (SCD2). Adds when the rep's current role began: the hire
    date for the first role, else the start of the version that changed it; a rehire
    starts anew. -#}
with versions as (
    select
        rep_code,
        team_code,
        role_code,
        manager_code,
        plan_code,
        ramp_profile,
        hire_date,
        exit_date,
        match_from,
        valid_from,
        valid_to,
        is_current,
        case
            when
                role_code = lag(role_code)
                    over (
                        partition by rep_code order by valid_from nulls last
                    )
                and hire_date = lag(hire_date) over (
                    partition by rep_code order by valid_from nulls last
                )
                then 0
            else 1
        end as is_new_role
    from {{ ref('dim_sales_rep') }}
),

numbered as (
    select
        versions.*,
        sum(versions.is_new_role) over (
            partition by versions.rep_code order by versions.valid_from nulls last
            rows between unbounded preceding and current row
        ) as role_no
    from versions
)

select
    rep_code,
    team_code,
    role_code,
    manager_code,
    plan_code,
    ramp_profile,
    hire_date,
    exit_date,
    match_from,
    valid_to,
    is_current,
    case
        when role_no = 1 then hire_date
        else greatest(
            hire_date, min(valid_from) over (partition by rep_code, role_no)
        )
    end as role_start_date,
    max(case when is_current then team_code end) over (partition by rep_code)
        as current_team_code
from numbered
