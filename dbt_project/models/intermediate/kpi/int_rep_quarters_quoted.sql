{#- Grain: rep x team x fiscal quarter with a day of a current quota: what its months
    have, with (quota) and without (full) their ramp. -#}
select
    rep_code,
    team_code,
    fiscal_quarter,
    sum(full_quota_amount) as full_quota_amount,
    sum(quota_amount) as quota_amount
from {{ ref('int_rep_quotas_prorated') }}
group by rep_code, team_code, fiscal_quarter
