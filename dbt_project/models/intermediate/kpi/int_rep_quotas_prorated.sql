{#- Grain: rep x team x fiscal month with a day of a current quota. A quota is spread by
    days of its interval weighted by season; the full quota is before the ramp factor. -#}
with overlapped as (
    select
        rep_code,
        team_code,
        fiscal_month,
        fiscal_quarter,
        metric,
        ramp_factor,
        {{ money('full_quota_units') }} as full_quota_amount
    from {{ ref('int_rep_quotas_overlapped') }}
)

select
    rep_code,
    team_code,
    fiscal_month,
    fiscal_quarter,
    min(metric) as quota_metric,
    sum(full_quota_amount) as full_quota_amount,
    sum({{ times('full_quota_amount', 'ramp_factor') }}) as quota_amount
from overlapped
group by rep_code, team_code, fiscal_month, fiscal_quarter
