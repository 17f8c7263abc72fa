{#- Grain: quota x rep x team x fiscal month x ramp factor, up to the end of the fiscal
    quarter of as_of. Days on which a rep quota holds and the rep is in the team (E7),
    weighted by season. One metric per rep: the first of net_revenue, gross_revenue,
    margin that the rep has; units are no money. What a piece has of the amount is what
    the days up to its end have less what those up to its begin have, both rounded: so
    pieces add up to the quota, and one that is over never changes. -#}
with quotas as (
    select
        quota_key,
        owner_code as rep_code,
        valid_from,
        valid_to,
        metric,
        amount_reporting,
        interval_weight,
        min(
            case metric when 'net_revenue' then 1 when 'gross_revenue' then 2 else 3 end
        ) over (partition by owner_code) as metric_rank
    from {{ ref('int_quotas_spread') }}
    where
        owner_type = 'rep'
        and metric in ('net_revenue', 'gross_revenue', 'margin')
),

months as (
    select
        fiscal_month,
        fiscal_quarter,
        month_start_date,
        {{ add_days('month_end_date', 1) }} as next_month_date,
        cast(extract(year from month_start_date) as bigint) * 12
        + cast(extract(month from month_start_date) as bigint) as month_index
    from {{ ref('dim_date') }}
    where
        date_day = month_end_date
        and fiscal_quarter <= {{ fiscal_quarter(as_of()) }}
),

reps as (
    select
        rep_code,
        team_code,
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
        quotas.valid_from,
        quotas.valid_to,
        coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
        months.fiscal_month,
        months.fiscal_quarter,
        quotas.metric,
        reps.ramp_profile,
        months.month_index - reps.role_start_index + 1 as tenure_month,
        quotas.interval_weight,
        {{ units('quotas.amount_reporting') }} as quota_units,
        greatest(
            quotas.valid_from,
            months.month_start_date,
            coalesce(reps.match_from, months.month_start_date)
        ) as piece_from,
        least(
            quotas.valid_to,
            months.next_month_date,
            coalesce(reps.valid_to, months.next_month_date)
        ) as piece_to
    from quotas
    inner join months
        on
            quotas.valid_from < months.next_month_date
            and quotas.valid_to > months.month_start_date
    left join reps
        on
            quotas.rep_code = reps.rep_code
            and reps.match_from < least(quotas.valid_to, months.next_month_date)
            and reps.valid_to > greatest(quotas.valid_from, months.month_start_date)
    where
        quotas.metric_rank
        = case quotas.metric
            when 'net_revenue' then 1 when 'gross_revenue' then 2 else 3
        end
),

weighed as (
    select
        quota_key,
        rep_code,
        valid_from,
        valid_to,
        team_code,
        fiscal_month,
        fiscal_quarter,
        metric,
        ramp_profile,
        tenure_month,
        quota_units,
        interval_weight,
        {{ season_days('piece_from', 'piece_to') }} as overlap_weight,
        cast(sum({{ season_days('piece_from', 'piece_to') }}) over (
            partition by quota_key
            order by piece_from nulls last
            rows between unbounded preceding and current row
        ) as bigint) as weight_so_far
    from pieces
)

select
    quota_key,
    rep_code,
    valid_from,
    valid_to,
    team_code,
    fiscal_month,
    fiscal_quarter,
    metric,
    quota_units,
    interval_weight,
    {{ ramp_factor('ramp_profile', 'tenure_month') }} as ramp_factor,
    sum(overlap_weight) as overlap_weight,
    sum(
        {{ rounded_div('(quota_units * weight_so_far)', 'interval_weight') }}
        - {{ rounded_div(
            '(quota_units * (weight_so_far - overlap_weight))', 'interval_weight'
        ) }}
    ) as full_quota_units
from weighed
group by
    quota_key,
    rep_code,
    valid_from,
    valid_to,
    team_code,
    fiscal_month,
    fiscal_quarter,
    metric,
    quota_units,
    interval_weight,
    {{ ramp_factor('ramp_profile', 'tenure_month') }}
