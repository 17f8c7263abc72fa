{#- One return line that is accepted, with the members of the line that it returns (E2).
    Original unknown: its own channel, customer and rep, else those of its order, else
    unknown. -#}

with returns as (
    select
        source_system,
        row_id,
        return_id,
        line_id,
        order_id,
        order_line_id,
        return_date,
        quantity,
        net_amount,
        currency,
        channel_code,
        owner_rep_code,
        customer_id,
        product_id,
        line_type,
        is_original_known,
        fx_rate
    from {{ ref('int_return_lines_judged') }}
    where verdict = 'accepted'
),

originals as (
    select
        source_system,
        order_id,
        line_id,
        line_type,
        business_date,
        fiscal_month,
        product_id,
        product_source_system,
        product_family_code,
        currency,
        unit_cost,
        cost_currency,
        cost_fx_rate
    from {{ ref('int_order_lines_costed') }}
),

orders as (
    select
        source_system,
        order_id,
        channel_code,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        owner_rep_code,
        partner_code
    from {{ ref('int_orders_resolved') }}
),

members as (
    select
        dimension,
        source_system,
        code,
        member_source_system,
        master_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension in ('customer', 'product')
),

families as (
    select
        source_system,
        product_id,
        product_family_code
    from {{ ref('int_products_classified') }}
    where valid_to = {{ last_day_of_time() }}
)

select
    returns.source_system,
    returns.row_id,
    returns.return_id,
    returns.line_id,
    returns.order_id,
    returns.order_line_id,
    returns.return_date as business_date,
    returns.is_original_known,
    coalesce(originals.business_date, returns.return_date) as member_date,
    originals.business_date as original_business_date,
    originals.fiscal_month as original_fiscal_month,
    coalesce(originals.line_type, returns.line_type, 'product') as line_type,
    case
        when returns.is_original_known then orders.channel_code
        else coalesce(returns.channel_code, orders.channel_code, {{ unknown_code() }})
    end as channel_code,
    case
        when returns.is_original_known or returns.customer_id is null
            then orders.customer_source_system
        else customers.member_source_system
    end as customer_source_system,
    case
        when returns.is_original_known or returns.customer_id is null
            then coalesce(orders.customer_code, {{ unknown_code() }})
        else returns.customer_id
    end as customer_code,
    case
        when returns.is_original_known or returns.customer_id is null
            then orders.master_source_system
        else customers.master_source_system
    end as master_source_system,
    case
        when returns.is_original_known or returns.customer_id is null
            then coalesce(orders.master_customer_code, {{ unknown_code() }})
        else customers.master_code
    end as master_customer_code,
    case
        when returns.is_original_known then orders.owner_rep_code
        else coalesce(returns.owner_rep_code, orders.owner_rep_code)
    end as owner_rep_code,
    coalesce(orders.partner_code, {{ none_code() }}) as partner_code,
    coalesce(originals.product_id, returns.product_id, {{ unknown_code() }})
        as product_id,
    coalesce(
        originals.product_source_system,
        products.member_source_system,
        returns.source_system
    ) as product_source_system,
    coalesce(
        originals.product_family_code,
        families.product_family_code,
        returns.product_id,
        {{ unknown_code() }}
    ) as product_family_code,
    returns.currency,
    returns.quantity,
    returns.net_amount,
    returns.fx_rate,
    originals.unit_cost,
    originals.cost_currency,
    originals.cost_fx_rate
from returns
left join originals
    on
        returns.source_system = originals.source_system
        and returns.order_id = originals.order_id
        and case when returns.is_original_known then returns.order_line_id end
        = originals.line_id
left join orders
    on
        returns.source_system = orders.source_system
        and returns.order_id = orders.order_id
left join members as customers
    on
        customers.dimension = 'customer'
        and returns.source_system = customers.source_system
        and returns.customer_id = customers.code
left join members as products
    on
        products.dimension = 'product'
        and returns.source_system = products.source_system
        and returns.product_id = products.code
left join families
    on
        products.member_source_system = families.source_system
        and products.code = families.product_id
