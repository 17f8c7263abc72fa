{#- Grain: segment x region x market period x estimate version x reporting currency.
    Not additive: over estimate versions and over overlapping periods nothing; customer
    counts and customer_hhi_index over no cell. Share of a group: sum of numerators /
    sum of denominators of one period, version and basis. Rule: K30, K31, K33 of
    quality/metrics.yml, owner marketing.
    No feed tells what competitors sell: K31 has two terms and is partial at best.
    Source: fct_market_size, fct_order_line, fct_return_line, fct_order. -#}
with measured as (
    select
        segment_code,
        region_code,
        market_period,
        estimate_version,
        period_start_date,
        period_end_date,
        period_type,
        is_latest_version,
        estimate_date,
        confidence_code,
        basis_code,
        source_name,
        market_size_amount,
        addressable_customer_count,
        net_revenue,
        net_revenue_market_price,
        served_customer_count,
        active_customer_count,
        customer_hhi_index,
        prior_period_market_size_amount,
        prior_period_net_revenue_market_price,
        market_status,
        case when market_status in ('ok', 'partial') then net_revenue_market_price end
            as share_numerator,
        case when market_status in ('ok', 'partial') then market_size_amount end
            as share_denominator,
        case
            when market_status in ('ok', 'partial')
                then addressable_customer_count - served_customer_count
        end as accounts_without_offer_count
    from {{ ref('int_market_cells_measured') }}
)

select
    {{ as_of() }} as as_of_date,
    segment_code,
    region_code,
    market_period,
    estimate_version,
    '{{ var("reporting_currency") }}' as reporting_currency,
    period_start_date,
    period_end_date,
    period_type,
    is_latest_version,
    estimate_date,
    confidence_code,
    basis_code,
    source_name,
    cast(market_size_amount as decimal(18, 4)) as market_size_amount,
    cast(addressable_customer_count as bigint) as addressable_customer_count,
    cast(net_revenue as decimal(18, 4)) as net_revenue,
    cast(net_revenue_market_price as decimal(18, 4)) as net_revenue_market_price,
    cast(served_customer_count as bigint) as served_customer_count,
    cast(active_customer_count as bigint) as active_customer_count,
    cast(share_numerator as decimal(18, 4)) as market_share_numerator,
    cast(share_denominator as decimal(18, 4)) as market_share_denominator,
    {{ safe_ratio('share_numerator', 'share_denominator') }} as market_share_ratio,
    cast(share_denominator - share_numerator as decimal(18, 4)) as whitespace_amount,
    cast(accounts_without_offer_count as bigint) as accounts_without_offer_count,
    cast(customer_hhi_index as decimal(18, 4)) as customer_hhi_index,
    cast(prior_period_market_size_amount as decimal(18, 4))
        as prior_period_market_size_amount,
    cast(prior_period_net_revenue_market_price as decimal(18, 4))
        as prior_period_net_revenue_market_price,
    market_status,
    case when market_status = 'ok' then 'partial' else market_status end
        as whitespace_status
from measured
