{#- Grain: quota of one owner (rep, team, channel, partner, company) x interval x metric
    x version, whatever began by as_of or begins later.
    Not additive: owners of different types and levels, metrics and versions are views
    of the same money; attainment parts are in the quota's own currency.
    Rule: K10 of quality/metrics.yml, R09; the quota as given, before any ramp, also
    where a later version took days of it (held_days are left). Owner sales_operations.
    Source: fct_quota, bridge_order_credit. -#}
with quotas as (
    select
        quota_key,
        owner_type,
        owner_code,
        valid_from,
        valid_to,
        metric,
        version,
        is_current_version,
        amount,
        currency,
        reporting_currency,
        amount_reporting,
        interval_days,
        held_days,
        over_assignment_share
    from {{ ref('fct_quota') }}
),

attained as (
    select
        quota_key,
        attained_amount,
        credited_amount
    from {{ ref('int_quotas_attained') }}
),

cascaded as (
    select
        quota_key,
        assigned_from,
        assigned_to,
        assigned_amount
    from {{ ref('int_quotas_cascaded') }}
),

company as (
    select
        has_costs,
        revenue_status
    from {{ ref('int_revenue_sources_flagged') }}
    where scope_type = 'company'
),

feeds as (
    select has_plan_rates from {{ ref('int_feeds_filled') }}
),

judged as (
    select
        quotas.*,
        cascaded.assigned_amount,
        coalesce(
            cascaded.assigned_from <= quotas.valid_from
            and cascaded.assigned_to >= quotas.valid_to
            and quotas.held_days = quotas.interval_days, false
        ) as is_assigned_in_full,
        greatest(0, {{ days_between(
            'quotas.valid_from',
            'least(quotas.valid_to, ' ~ add_days(as_of(), 1) ~ ')'
        ) }}) as overlap_days,
        case
            when quotas.metric <> 'margin' or company.has_costs
                then attained.attained_amount
        end as attained_amount,
        case
            when quotas.metric <> 'margin' or company.has_costs
                then attained.credited_amount
        end as credited_amount,
        case
            when feeds.has_plan_rates or quotas.metric = 'units'
                then company.revenue_status
            else 'partial'
        end as known_status
    from quotas
    cross join company
    cross join feeds
    left join attained on quotas.quota_key = attained.quota_key
    left join cascaded on quotas.quota_key = cascaded.quota_key
)

select
    {{ as_of() }} as as_of_date,
    owner_type,
    owner_code,
    valid_from,
    metric,
    version,
    reporting_currency,
    valid_to,
    is_current_version,
    case when metric <> 'units' then coalesce(currency, reporting_currency) end
        as quota_currency,
    interval_days,
    cast(overlap_days as bigint) as overlap_days,
    amount_reporting as quota_amount,
    cast(attained_amount as decimal(18, 4)) as attainment_numerator,
    cast(amount as decimal(18, 4)) as attainment_denominator,
    {{ safe_ratio('attained_amount', 'amount') }} as attainment_ratio,
    cast(credited_amount as decimal(18, 4)) as credited_amount,
    over_assignment_share as declared_over_assignment,
    cast(assigned_amount as decimal(18, 4)) as assigned_amount,
    is_assigned_in_full,
    case
        when overlap_days = 0 then 'immature'
        when attained_amount is null then 'no_data'
        else known_status
    end as attainment_status,
    held_days
from judged
