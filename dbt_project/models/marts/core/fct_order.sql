{#- Grain: order, in its state at as_of (accumulating snapshot). Amounts are sums of the
    revenue lines' original entries: what was booked, before cancellation and returns.
    Order count of a month = is_counted by fiscal_month less is_cancelled_after_close by
    the month of cancelled_date (K03, E3). delivered_net_amount is the header's own
    figure: never add it to net_amount. More than five parents: an order meets five
    dimensions. Source: orders.orders. -#}

with orders as (
    select
        source_system,
        order_id,
        row_id,
        order_date,
        business_date,
        fiscal_month,
        confirmed_date,
        shipped_date,
        invoiced_date,
        paid_date,
        cancelled_date,
        is_cancelled_after_close,
        status,
        channel_code,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        owner_rep_code,
        partner_code,
        opportunity_id,
        currency,
        net_amount,
        entry_method,
        manual_edit_count
    from {{ ref('int_orders_resolved') }}
),

booked as (
    select
        source_system,
        order_id,
        count(*) as line_count,
        sum(quantity) as quantity,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        sum(net_amount) as net_amount,
        sum(gross_amount_reporting) as gross_amount_reporting,
        sum(discount_amount_reporting) as discount_amount_reporting,
        sum(net_amount_reporting) as net_amount_reporting
    from {{ ref('fct_order_line') }}
    where entry_no = 1 and is_revenue_line
    group by source_system, order_id
),

returned as (
    select
        source_system,
        order_id,
        sum(quantity) as quantity
    from {{ ref('fct_return_line') }}
    where is_original_known and is_revenue_line
    group by source_system, order_id
)

select
    {{ surrogate_key(['orders.source_system', 'orders.order_id']) }} as order_key,
    orders.source_system,
    orders.order_id,
    orders.row_id,
    orders.order_date,
    orders.business_date,
    orders.fiscal_month,
    orders.confirmed_date,
    orders.shipped_date,
    orders.invoiced_date,
    orders.paid_date,
    orders.cancelled_date,
    orders.status,
    orders.channel_code,
    coalesce(channels.channel_key, '-1') as channel_key,
    orders.customer_code,
    orders.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    coalesce(orders.owner_rep_code, {{ none_code() }}) as owner_rep_code,
    coalesce(
        reps.rep_key, case when orders.owner_rep_code is null then '0' else '-1' end
    )
        as rep_key,
    orders.partner_code,
    coalesce(
        partners.partner_key,
        case when orders.partner_code = {{ none_code() }} then '0' else '-1' end
    ) as partner_key,
    orders.opportunity_id,
    orders.currency,
    '{{ var("reporting_currency") }}' as reporting_currency,
    coalesce(booked.line_count, 0) as line_count,
    {{ as_money('coalesce(booked.gross_amount, 0)') }} as gross_amount,
    {{ as_money('coalesce(booked.discount_amount, 0)') }} as discount_amount,
    {{ as_money('coalesce(booked.net_amount, 0)') }} as net_amount,
    {{ as_money('coalesce(booked.gross_amount_reporting, 0)') }}
        as gross_amount_reporting,
    {{ as_money('coalesce(booked.discount_amount_reporting, 0)') }}
        as discount_amount_reporting,
    {{ as_money('coalesce(booked.net_amount_reporting, 0)') }} as net_amount_reporting,
    orders.net_amount as delivered_net_amount,
    booked.line_count is not null
    and (orders.cancelled_date is null or orders.is_cancelled_after_close)
        as is_counted,
    booked.line_count is not null
    and coalesce(orders.is_cancelled_after_close, false) as is_cancelled_after_close,
    coalesce(booked.quantity > 0 and returned.quantity >= booked.quantity, false)
        as is_fully_returned,
    coalesce(masters.segment_code, {{ unknown_code() }}) as segment_code,
    coalesce(masters.region_code, {{ unknown_code() }}) as region_code,
    orders.entry_method,
    orders.manual_edit_count
from orders
left join booked
    on
        orders.source_system = booked.source_system
        and orders.order_id = booked.order_id
left join returned
    on
        orders.source_system = returned.source_system
        and orders.order_id = returned.order_id
left join {{ ref('dim_channel') }} as channels
    on
        orders.channel_code = channels.channel_code
        and {{ version_on('channels', 'orders.business_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        orders.customer_source_system = customers.source_system
        and orders.customer_code = customers.customer_code
        and {{ version_on('customers', 'orders.business_date') }}
left join {{ ref('dim_customer') }} as masters
    on
        orders.master_source_system = masters.source_system
        and orders.master_customer_code = masters.customer_code
        and {{ version_on('masters', 'orders.business_date') }}
left join {{ ref('dim_sales_rep') }} as reps
    on
        orders.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'orders.business_date') }}
left join {{ ref('dim_partner') }} as partners
    on
        orders.partner_code = partners.partner_code
        and {{ version_on('partners', 'orders.business_date') }}
