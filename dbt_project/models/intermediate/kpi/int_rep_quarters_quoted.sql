{#- Grain: rep x team x fiscal quarter with a day of a current quota. The quota prorated
    over the quarter at once, with (quota) and without (full) the ramp of its months. -#}
with quarter_days as (
    select
        quota_key,
        rep_code,
        team_code,
        fiscal_quarter,
        quota_units,
        interval_weight,
        sum(overlap_weight) as overlap_weight
    from {{ ref('int_rep_quotas_overlapped') }}
    group by
        quota_key, rep_code, team_code, fiscal_quarter, quota_units, interval_weight
),

full_quotas as (
    select
        rep_code,
        team_code,
        fiscal_quarter,
        sum({{ money(rounded_div(
            '(quota_units * overlap_weight)', 'interval_weight'
        )) }}) as full_quota_amount
    from quarter_days
    group by rep_code, team_code, fiscal_quarter
),

ramps as (
    select
        rep_code,
        team_code,
        fiscal_quarter,
        sum(full_quota_amount - quota_amount) as ramp_amount
    from {{ ref('int_rep_quotas_prorated') }}
    group by rep_code, team_code, fiscal_quarter
)

select
    full_quotas.rep_code,
    full_quotas.team_code,
    full_quotas.fiscal_quarter,
    full_quotas.full_quota_amount,
    full_quotas.full_quota_amount - ramps.ramp_amount as quota_amount
from full_quotas
inner join ramps
    on
        full_quotas.rep_code = ramps.rep_code
        and full_quotas.team_code = ramps.team_code
        and full_quotas.fiscal_quarter = ramps.fiscal_quarter
