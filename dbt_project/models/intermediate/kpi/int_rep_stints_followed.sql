{#- Grain: rep x start of a role, with the months of tenure in which it was followed:
    those at whose end the role held, up to exit and as_of (the month of start is 1).
    reached_months: the first in which credit came to the full quota; followed_months:
    the last that was over. is_observed: the role began no earlier than the first full
    month of sales, and had a quota (else its beginning is not known). -#}
with stints as (
    select
        rep_code,
        role_start_date,
        min(role_code) as role_code,
        max(valid_to) as valid_to,
        max(exit_date) as exit_date
    from {{ ref('int_rep_roles_started') }}
    where role_start_date is not null and role_start_date <= {{ as_of() }}
    group by rep_code, role_start_date
),

months as (
    select
        fiscal_month,
        month_index,
        month_start_date,
        month_end_date,
        full_month_count
    from {{ ref('int_fiscal_months_listed') }}
),

attained as (
    select
        rep_code,
        fiscal_month,
        attained_amount,
        full_quota_amount
    from {{ ref('int_rep_months_attained') }}
    where full_quota_amount > 0
),

placed as (
    select
        stints.*,
        cast(extract(year from stints.role_start_date) as bigint) * 12
        + cast(extract(month from stints.role_start_date) as bigint) as start_index
    from stints
),

followed as (
    select
        placed.rep_code,
        placed.role_start_date,
        months.month_index - placed.start_index + 1 as tenure_months,
        months.month_index = placed.start_index and months.full_month_count >= 1
            as is_first,
        months.month_end_date <= {{ as_of() }}
        or coalesce(placed.exit_date <= {{ as_of() }}, false) as is_over,
        attained.rep_code is not null as has_quota,
        coalesce(attained.attained_amount >= attained.full_quota_amount, false)
            as is_reached
    from placed
    inner join months
        on
            placed.start_index <= months.month_index
            and placed.valid_to > months.month_end_date
            and coalesce(placed.exit_date, {{ last_day_of_time() }})
            >= months.month_start_date
    left join attained
        on
            placed.rep_code = attained.rep_code
            and months.fiscal_month = attained.fiscal_month
),

summed as (
    select
        rep_code,
        role_start_date,
        min(case when is_reached then tenure_months end) as reached_months,
        max(case when is_over then tenure_months else 0 end) as followed_months,
        count(case when is_first then 1 end) > 0
        and count(case when has_quota then 1 end) > 0 as is_observed
    from followed
    group by rep_code, role_start_date
)

select
    placed.rep_code,
    placed.role_start_date,
    placed.role_code,
    placed.start_index,
    placed.valid_to,
    placed.exit_date,
    summed.reached_months,
    coalesce(summed.followed_months, 0) as followed_months,
    coalesce(summed.is_observed, false) as is_observed
from placed
left join summed
    on
        placed.rep_code = summed.rep_code
        and placed.role_start_date = summed.role_start_date
