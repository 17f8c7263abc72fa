{#- Grain: rep x fiscal month with a day of a current quota: credit of the quota's own
    metric on its days, the quota before (full) and after ramp; all teams together. -#}
with quotas as (
    select
        rep_code,
        fiscal_month,
        fiscal_quarter,
        min(quota_metric) as quota_metric,
        sum(full_quota_amount) as full_quota_amount,
        sum(quota_amount) as quota_amount
    from {{ ref('int_rep_quotas_prorated') }}
    group by rep_code, fiscal_month, fiscal_quarter
),

credits as (
    select
        rep_code,
        fiscal_month,
        sum(attained_net_revenue) as net_revenue,
        sum(attained_gross_revenue) as gross_revenue,
        sum(attained_margin_amount) as margin_amount
    from {{ ref('int_rep_months_credited') }}
    group by rep_code, fiscal_month
)

select
    quotas.rep_code,
    quotas.fiscal_month,
    quotas.fiscal_quarter,
    coalesce(case quotas.quota_metric
        when 'net_revenue' then credits.net_revenue
        when 'gross_revenue' then credits.gross_revenue
        when 'margin' then credits.margin_amount
    end, 0) as attained_amount,
    quotas.full_quota_amount,
    quotas.quota_amount
from quotas
left join credits
    on
        quotas.rep_code = credits.rep_code
        and quotas.fiscal_month = credits.fiscal_month
