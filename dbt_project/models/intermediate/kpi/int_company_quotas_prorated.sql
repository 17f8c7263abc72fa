{#- Grain: fiscal month with a day of a company quota in its quarter. Quota from the
    quarter's first day to the day the month is judged, and that of the whole quarter,
    each quota rounded to 0.0001. Without any company quota those of the reps stand for
    it, before ramp. One metric: the first of net_revenue, gross_revenue, margin. -#}
with quotas as (
    select
        valid_from,
        valid_to,
        metric,
        amount_reporting,
        interval_weight,
        case owner_type when 'company' then 1 else 2 end as owner_rank,
        case metric when 'net_revenue' then 1 when 'gross_revenue' then 2 else 3 end
            as metric_rank
    from {{ ref('int_quotas_spread') }}
    where
        owner_type in ('company', 'rep')
        and metric in ('net_revenue', 'gross_revenue', 'margin')
),

first_rank as (
    select min(owner_rank * 10 + metric_rank) as best_rank from quotas
),

chosen as (
    select
        quotas.valid_from,
        quotas.valid_to,
        quotas.metric,
        quotas.interval_weight,
        {{ units('quotas.amount_reporting') }} as quota_units
    from quotas
    inner join first_rank
        on quotas.owner_rank * 10 + quotas.metric_rank = first_rank.best_rank
),

months as (
    select
        fiscal_month,
        quarter_start_date,
        {{ add_days('judged_date', 1) }} as after_judged_date,
        {{ add_days('quarter_end_date', 1) }} as next_quarter_date
    from {{ ref('int_fiscal_months_listed') }}
),

pieces as (
    select
        months.fiscal_month,
        chosen.metric,
        chosen.quota_units,
        chosen.interval_weight,
        greatest(0, {{ season_days(
            'greatest(chosen.valid_from, months.quarter_start_date)',
            'least(chosen.valid_to, months.after_judged_date)'
        ) }}) as weight_to_date,
        {{ season_days(
            'greatest(chosen.valid_from, months.quarter_start_date)',
            'least(chosen.valid_to, months.next_quarter_date)'
        ) }} as weight_of_quarter
    from months
    inner join chosen
        on
            months.next_quarter_date > chosen.valid_from
            and months.quarter_start_date < chosen.valid_to
)

select
    fiscal_month,
    min(metric) as quota_metric,
    sum({{ money(rounded_div('(quota_units * weight_to_date)', 'interval_weight')) }})
        as quota_to_date,
    sum({{ money(rounded_div(
        '(quota_units * weight_of_quarter)', 'interval_weight'
    )) }}) as quarter_quota
from pieces
group by fiscal_month
