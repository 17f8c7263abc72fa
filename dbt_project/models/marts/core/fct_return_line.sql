{#- Grain: return line, on its return date, quantities and amounts positive. Never add
    it to fct_order_line: subtract it. Not additive: fx_rate. Business rule E2
    (kpis.md): the members, the rate and the unit cost are those of the original line.
    Source: orders.return_lines. -#}

with returns as (
    select
        source_system,
        return_id,
        line_id,
        row_id,
        order_id,
        order_line_id,
        is_original_known,
        business_date,
        member_date,
        original_business_date,
        original_fiscal_month,
        line_type,
        channel_code,
        customer_source_system,
        customer_code,
        master_customer_code,
        owner_rep_code,
        product_id,
        product_source_system,
        product_family_code,
        partner_code,
        currency,
        quantity,
        net_amount,
        {{ cost_in_line_currency('quantity') }} as cost_amount,
        fx_rate,
        {{ times('net_amount', 'fx_rate') }} as net_amount_reporting,
        {{ times(times('quantity', 'unit_cost'), 'cost_fx_rate') }}
            as cost_amount_reporting
    from {{ ref('int_return_lines_resolved') }}
)

select
    {{ surrogate_key(
        ['returns.source_system', 'returns.return_id', 'returns.line_id']
    ) }}
        as return_line_key,
    returns.source_system,
    returns.return_id,
    returns.line_id,
    returns.row_id,
    returns.order_id,
    returns.order_line_id,
    case
        when returns.is_original_known
            then {{ surrogate_key([
                'returns.source_system', 'returns.order_id',
                'returns.order_line_id', '1'
            ]) }}
    end as order_line_key,
    returns.is_original_known,
    returns.business_date,
    {{ fiscal_month('returns.business_date') }} as fiscal_month,
    returns.original_business_date,
    returns.original_fiscal_month,
    returns.line_type,
    returns.line_type in ('product', 'service') as is_revenue_line,
    returns.channel_code,
    coalesce(channels.channel_key, '-1') as channel_key,
    returns.customer_code,
    returns.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    coalesce(customers.segment_code, {{ unknown_code() }}) as segment_code,
    coalesce(customers.region_code, {{ unknown_code() }}) as region_code,
    returns.product_id,
    coalesce(
        products.product_key,
        case when returns.product_id = {{ none_code() }} then '0' else '-1' end
    ) as product_key,
    returns.product_family_code,
    returns.partner_code,
    coalesce(
        partners.partner_key,
        case when returns.partner_code = {{ none_code() }} then '0' else '-1' end
    ) as partner_key,
    returns.currency,
    returns.quantity,
    returns.net_amount,
    returns.cost_amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    returns.fx_rate,
    returns.net_amount_reporting,
    returns.cost_amount_reporting,
    returns.owner_rep_code,
    returns.member_date
from returns
left join {{ ref('dim_channel') }} as channels
    on
        returns.channel_code = channels.channel_code
        and {{ version_on('channels', 'returns.member_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        returns.customer_source_system = customers.source_system
        and returns.customer_code = customers.customer_code
        and {{ version_on('customers', 'returns.member_date') }}
left join {{ ref('dim_product') }} as products
    on
        returns.product_source_system = products.source_system
        and returns.product_id = products.product_id
        and {{ version_on('products', 'returns.member_date') }}
left join {{ ref('dim_partner') }} as partners
    on
        returns.partner_code = partners.partner_code
        and {{ version_on('partners', 'returns.member_date') }}
