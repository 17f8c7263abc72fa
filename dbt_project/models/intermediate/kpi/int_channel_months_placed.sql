{#- Grain: channel x fiscal month for which the newest market estimates name the
    channel. The size of those cells and the channel's own net revenue in them, at the
    price level of the market. -#}
with sizes as (
    select
        channel_code,
        segment_code,
        region_code,
        {{ fiscal_month('period_start_date') }} as fiscal_month,
        sum(amount_reporting) as market_size_amount
    from {{ ref('fct_market_size') }}
    where
        channel_code is not null
        and is_latest_version
        and period_type = 'month'
    group by
        channel_code, segment_code, region_code, {{ fiscal_month('period_start_date') }}
),

sales as (
    select
        channel_code,
        segment_code,
        region_code,
        fiscal_month,
        sum(net_revenue) as net_revenue
    from {{ ref('int_sales_lines_signed') }}
    group by channel_code, segment_code, region_code, fiscal_month
)

select
    sizes.channel_code,
    sizes.fiscal_month,
    sum(sizes.market_size_amount) as market_size_amount,
    sum({{ times(
        'coalesce(sales.net_revenue, 0)', price_level_factor('sizes.channel_code')
    ) }}) as market_share_numerator
from sizes
left join sales
    on
        sizes.channel_code = sales.channel_code
        and sizes.segment_code = sales.segment_code
        and sizes.region_code = sales.region_code
        and sizes.fiscal_month = sales.fiscal_month
group by sizes.channel_code, sizes.fiscal_month
