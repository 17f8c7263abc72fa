{#- One order line that is accepted, with its order's dates and members, its cost and
    its money in the reporting currency (E4: rate of the business date, each line
    rounded at scale 4). Cost: the line's own unit cost, else that of the product valid
    on the business date, else unknown. A product's cost in another currency is
    converted at the rate of the day; no rate: unknown. -#}

with lines as (
    select
        source_system,
        order_id,
        line_id,
        row_id,
        line_type,
        product_id,
        quantity,
        unit_price,
        gross_amount,
        net_amount,
        is_discount_stated,
        unit_cost,
        currency,
        fx_rate
    from {{ ref('int_order_lines_discounted') }}
    where verdict = 'accepted'
),

orders as (
    select
        source_system,
        order_id,
        business_date,
        fiscal_month,
        order_date,
        reversal_date,
        channel_code,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        owner_rep_code,
        partner_code
    from {{ ref('int_orders_resolved') }}
),

products as (
    select
        resolved.source_system,
        resolved.code,
        resolved.member_source_system,
        versions.product_family_code,
        versions.unit_cost,
        versions.currency,
        versions.match_from,
        versions.valid_to
    from {{ ref('int_members_resolved') }} as resolved
    inner join {{ ref('int_products_classified') }} as versions
        on
            resolved.member_source_system = versions.source_system
            and resolved.code = versions.product_id
    where resolved.dimension = 'product'
),

joined as (
    select
        lines.source_system,
        lines.order_id,
        lines.line_id,
        lines.row_id,
        lines.line_type,
        lines.line_type in ('product', 'service') as is_revenue_line,
        orders.business_date,
        orders.fiscal_month,
        orders.order_date,
        orders.reversal_date,
        orders.channel_code,
        orders.customer_source_system,
        orders.customer_code,
        orders.master_source_system,
        orders.master_customer_code,
        orders.owner_rep_code,
        orders.partner_code,
        lines.product_id,
        coalesce(products.member_source_system, lines.source_system)
            as product_source_system,
        coalesce(products.product_family_code, lines.product_id) as product_family_code,
        lines.quantity,
        lines.unit_price,
        lines.gross_amount,
        lines.net_amount,
        lines.is_discount_stated,
        coalesce(lines.unit_cost, products.unit_cost) as unit_cost,
        case
            when lines.unit_cost is not null then lines.currency
            else coalesce(products.currency, lines.currency)
        end as cost_currency,
        lines.currency,
        lines.fx_rate
    from lines
    inner join orders
        on
            lines.source_system = orders.source_system
            and lines.order_id = orders.order_id
    left join products
        on
            lines.source_system = products.source_system
            and lines.product_id = products.code
            and {{ version_on('products', 'orders.business_date') }}
),

rates as (
    select
        from_currency,
        rate_date,
        rate
    from {{ ref('int_fx_rates_daily') }}
),

rated as (
    select
        joined.source_system,
        joined.order_id,
        joined.line_id,
        joined.row_id,
        joined.line_type,
        joined.is_revenue_line,
        joined.business_date,
        joined.fiscal_month,
        joined.order_date,
        joined.reversal_date,
        joined.channel_code,
        joined.customer_source_system,
        joined.customer_code,
        joined.master_source_system,
        joined.master_customer_code,
        joined.owner_rep_code,
        joined.partner_code,
        joined.product_id,
        joined.product_source_system,
        joined.product_family_code,
        joined.quantity,
        joined.unit_price,
        joined.gross_amount,
        joined.net_amount,
        joined.is_discount_stated,
        joined.unit_cost,
        joined.cost_currency,
        joined.currency,
        joined.fx_rate,
        case
            when joined.cost_currency = joined.currency then joined.fx_rate
            when joined.cost_currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as cost_fx_rate
    from joined
    left join rates
        on
            joined.cost_currency = rates.from_currency
            and joined.business_date = rates.rate_date
)

select
    source_system,
    order_id,
    line_id,
    row_id,
    line_type,
    is_revenue_line,
    business_date,
    fiscal_month,
    order_date,
    reversal_date,
    channel_code,
    customer_source_system,
    customer_code,
    master_source_system,
    master_customer_code,
    owner_rep_code,
    partner_code,
    product_id,
    product_source_system,
    product_family_code,
    currency,
    quantity,
    unit_price,
    gross_amount,
    {{ as_money('gross_amount - net_amount') }} as discount_amount,
    net_amount,
    is_discount_stated,
    case when cost_fx_rate is not null then unit_cost end as unit_cost,
    cost_currency,
    cost_fx_rate,
    fx_rate,
    {{ times('gross_amount', 'fx_rate') }} as gross_amount_reporting,
    {{ times('net_amount', 'fx_rate') }} as net_amount_reporting
from rated
