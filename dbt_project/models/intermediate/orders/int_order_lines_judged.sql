{#- One landed order line and its verdict. A line is held when its order was not
    delivered (T14) or when no rate is known for its currency on the order's business
    date (S17); it waits with its order. Columns own_*: before the line's share of the
    header discount. -#}
{%- set own_net = as_money(
    'coalesce(net_amount, own_gross_amount - coalesce(discount_amount, 0))'
) -%}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        line_id,
        coalesce(line_type, 'product') as line_type,
        coalesce(product_id, {{ none_code() }}) as product_id,
        quantity,
        unit_price,
        gross_amount,
        net_amount,
        discount_amount,
        unit_cost,
        currency,
        {{ natural_key(['order_id', 'line_id']) }} as natural_key,
        {{ version_status(['source_system', 'order_id', 'line_id'], 'event') }}
            as version_status
    from {{ ref('stg_orders__order_lines') }}
),

orders as (
    select
        source_system,
        order_id,
        business_date,
        verdict
    from {{ ref('int_orders_judged') }}
    where verdict <> 'duplicate'
),

rates as (
    select
        from_currency,
        rate_date,
        rate
    from {{ ref('int_fx_rates_daily') }}
),

joined as (
    select
        landed.source_system,
        landed.row_id,
        landed.extract_id,
        landed.order_id,
        landed.line_id,
        landed.line_type,
        landed.product_id,
        landed.quantity,
        landed.unit_price,
        {{ as_money(
            'coalesce(landed.gross_amount, '
            ~ times('landed.quantity', 'landed.unit_price') ~ ')'
        ) }}
            as own_gross_amount,
        landed.net_amount,
        landed.discount_amount,
        landed.net_amount is not null or landed.discount_amount is not null
            as is_discount_stated,
        landed.unit_cost,
        landed.currency,
        landed.natural_key,
        landed.version_status,
        orders.business_date,
        case
            when landed.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as fx_rate,
        orders.verdict as order_verdict
    from landed
    left join orders
        on
            landed.source_system = orders.source_system
            and landed.order_id = orders.order_id
    left join rates
        on
            landed.currency = rates.from_currency
            and orders.business_date = rates.rate_date
),

checked as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        line_id,
        line_type,
        product_id,
        quantity,
        unit_price,
        own_gross_amount,
        {{ own_net }} as own_net_amount,
        is_discount_stated,
        unit_cost,
        currency,
        fx_rate,
        {{ own_net }} as amount,
        natural_key,
        version_status,
        business_date,
        case
            when order_verdict is null then 'T14'
            when fx_rate is null then 'S17'
        end as held_rule,
        case
            when order_verdict is null then 'its order was not delivered'
            when fx_rate is null
                then
                    'no rate for '
                    || currency
                    || ' on '
                    || cast(business_date as string)
        end as held_reason
    from joined
)

select
    order_id,
    line_id,
    line_type,
    product_id,
    quantity,
    unit_price,
    own_gross_amount,
    own_net_amount,
    is_discount_stated,
    unit_cost,
    fx_rate,
    business_date,
    {{ judged_columns('orders__order_lines') }}
from checked
