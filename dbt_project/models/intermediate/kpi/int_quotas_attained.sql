{#- Grain: quota that has begun at as_of. What its owner was credited with in the
    quota's own metric on the days of its interval up to as_of: in the quota's currency
    at plan rate (what was sold in that currency as it is, the rest by way of the
    reporting currency, divided once), and in the reporting currency as reported. Margin
    has no other rate than that of the day. Of a metric in units both are units. Zero
    without a credit; no row where no credit of any such owner is known. -#}
with quotas as (
    select
        quota_key,
        owner_type,
        case owner_type when 'company' then '(all)' else owner_code end as owner_code,
        valid_from,
        valid_to,
        metric,
        coalesce(currency, reporting_currency) as currency,
        fx_rate
    from {{ ref('fct_quota') }}
    where valid_from <= {{ as_of() }}
),

owned as (
    select
        credit_key,
        owner_type,
        owner_code
    from {{ ref('int_credits_owned') }}
),

credits as (
    select
        credit_key,
        business_date,
        currency,
        gross_amount,
        net_amount,
        gross_amount_reporting,
        net_amount_reporting,
        margin_amount_reporting,
        gross_amount_planned,
        net_amount_planned,
        credited_quantity
    from {{ ref('int_credits_planned') }}
),

daily as (
    select
        owned.owner_type,
        owned.owner_code,
        credits.business_date,
        credits.currency,
        sum(credits.gross_amount) as gross_amount,
        sum(credits.net_amount) as net_amount,
        sum(credits.gross_amount_reporting) as gross_amount_reporting,
        sum(credits.net_amount_reporting) as net_amount_reporting,
        sum(credits.margin_amount_reporting) as margin_amount_reporting,
        sum(credits.gross_amount_planned) as gross_amount_planned,
        sum(credits.net_amount_planned) as net_amount_planned,
        sum(credits.credited_quantity) as credited_quantity
    from owned
    inner join credits on owned.credit_key = credits.credit_key
    group by
        owned.owner_type,
        owned.owner_code,
        credits.business_date,
        credits.currency
),

measured as (
    select
        quotas.quota_key,
        case
            when quotas.metric = 'units' then daily.credited_quantity
            when quotas.currency <> daily.currency then 0
            when quotas.metric = 'net_revenue' then daily.net_amount
            when quotas.metric = 'gross_revenue' then daily.gross_amount
            else 0
        end as own_amount,
        case
            when quotas.metric = 'units' then 0
            when quotas.metric = 'margin' then daily.margin_amount_reporting
            when quotas.currency = daily.currency then 0
            when quotas.metric = 'net_revenue' then daily.net_amount_planned
            when quotas.metric = 'gross_revenue' then daily.gross_amount_planned
        end as other_amount,
        case quotas.metric
            when 'units' then daily.credited_quantity
            when 'margin' then daily.margin_amount_reporting
            when 'net_revenue' then daily.net_amount_reporting
            when 'gross_revenue' then daily.gross_amount_reporting
        end as credited_amount
    from quotas
    inner join daily
        on
            quotas.owner_type = daily.owner_type
            and quotas.owner_code = daily.owner_code
            and quotas.valid_from <= daily.business_date
            and quotas.valid_to > daily.business_date
),

sums as (
    select
        quota_key,
        sum(own_amount) as own_amount,
        coalesce(sum(other_amount), 0) as other_amount,
        coalesce(sum(credited_amount), 0) as credited_amount
    from measured
    group by quota_key
),

known_types as (
    select distinct owner_type
    from owned
    where owner_code not in ({{ none_code() }}, {{ unknown_code() }})
)

select
    quotas.quota_key,
    coalesce(sums.own_amount + {{ money(rounded_div(
        wide_int(units('sums.other_amount')) ~ ' * 100000000',
        rate_units('quotas.fx_rate')
    )) }}, 0) as attained_amount,
    coalesce(sums.credited_amount, 0) as credited_amount
from quotas
inner join known_types on quotas.owner_type = known_types.owner_type
left join sums on quotas.quota_key = sums.quota_key
