{#- Grain: rep x fiscal month, quarter or year: the rep's net revenue quota of that
    period after ramp, by days weighted by season, each ramp factor's part rounded to
    0.0001. Rule: docs block incentive_ledger, section 2. -#}

with quotas as (
    select
        quota_key,
        owner_code as rep_code,
        valid_from,
        valid_to,
        interval_weight,
        {{ units('amount_reporting') }} as quota_units
    from {{ ref('int_quotas_spread') }}
    where owner_type = 'rep' and metric = 'net_revenue'
),

months as (
    select
        fiscal_month,
        fiscal_quarter,
        cast(fiscal_year as string) as fiscal_year,
        month_start_date,
        {{ add_days('month_end_date', 1) }} as next_month_date,
        cast(extract(year from month_start_date) as bigint) * 12
        + cast(extract(month from month_start_date) as bigint) as month_index
    from {{ ref('dim_date') }}
    where date_day = month_end_date
),

roles as (
    select
        rep_code,
        ramp_profile,
        match_from,
        valid_to,
        cast(extract(year from role_start_date) as bigint) * 12
        + cast(extract(month from role_start_date) as bigint) as role_start_index
    from {{ ref('int_rep_roles_started') }}
),

pieces as (
    select
        quotas.quota_key,
        quotas.rep_code,
        quotas.quota_units,
        quotas.interval_weight,
        months.fiscal_month,
        months.fiscal_quarter,
        months.fiscal_year,
        {{ ramp_factor(
            'roles.ramp_profile', '(months.month_index - roles.role_start_index + 1)'
        ) }} as ramp_factor,
        {{ season_days(
            'greatest(quotas.valid_from, months.month_start_date, '
            ~ 'coalesce(roles.match_from, months.month_start_date))',
            'least(quotas.valid_to, months.next_month_date, '
            ~ 'coalesce(roles.valid_to, months.next_month_date))'
        ) }} as overlap_weight
    from quotas
    inner join months
        on
            quotas.valid_from < months.next_month_date
            and quotas.valid_to > months.month_start_date
    left join roles
        on
            quotas.rep_code = roles.rep_code
            and roles.match_from < least(quotas.valid_to, months.next_month_date)
            and roles.valid_to > greatest(quotas.valid_from, months.month_start_date)
),

placed as (
    select
        *,
        'month' as period_type,
        fiscal_month as period_code
    from pieces
    union all
    select
        *,
        'quarter' as period_type,
        fiscal_quarter as period_code
    from pieces
    union all
    select
        *,
        'year' as period_type,
        fiscal_year as period_code
    from pieces
),

prorated as (
    select
        rep_code,
        period_type,
        period_code,
        ramp_factor,
        {{ money(rounded_div(
            '(quota_units * sum(overlap_weight))', 'interval_weight'
        )) }} as full_amount
    from placed
    group by
        quota_key, rep_code, period_type, period_code, ramp_factor, quota_units,
        interval_weight
)

select
    rep_code,
    period_type,
    period_code,
    cast(sum({{ units(times('full_amount', 'ramp_factor')) }}) as bigint) as quota_units
from prorated
group by rep_code, period_type, period_code
