{#- Grain: return line, on its return date, quantities and amounts positive. Never add
    it to fct_order_line: subtract it. Not additive: fx_rate. Business rule E2
    (kpis.md): the members, the rate and the unit cost are those of the original line. A
    line that comes back in pieces is converted cumulated, each piece being what the sum
    gains by it: so the pieces of a full return are exactly the line, in both
    currencies. Source: orders.return_lines. -#}

with returns as (
    select
        source_system,
        return_id,
        line_id,
        row_id,
        order_id,
        order_line_id,
        case
            when is_original_known
                then {{ surrogate_key([
                    'source_system', 'order_id', 'order_line_id', '1'
                ]) }}
        end as order_line_key,
        {{ surrogate_key(['source_system', 'return_id', 'line_id']) }}
            as return_line_key,
        is_original_known,
        business_date,
        member_date,
        original_business_date,
        original_fiscal_month,
        line_type,
        channel_code,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        owner_rep_code,
        product_id,
        product_source_system,
        product_family_code,
        partner_code,
        currency,
        quantity,
        net_amount,
        unit_cost,
        cost_fx_rate,
        {{ cost_in_line_currency('quantity') }} as cost_amount,
        fx_rate
    from {{ ref('int_return_lines_resolved') }}
),

cumulated as (
    select
        *,
        {{ money(returned_so_far(units('net_amount'))) }} as net_so_far,
        {{ money(returned_so_far(units('quantity'))) }} as quantity_so_far
    from returns
),

converted as (
    select
        *,
        {{ times('net_so_far', 'fx_rate') }}
        - {{ times('net_so_far - net_amount', 'fx_rate') }} as net_amount_reporting,
        {{ times(times('quantity_so_far', 'unit_cost'), 'cost_fx_rate') }}
        - {{ times(times('quantity_so_far - quantity', 'unit_cost'), 'cost_fx_rate') }}
            as cost_amount_reporting
    from cumulated
)

select
    converted.return_line_key,
    converted.source_system,
    converted.return_id,
    converted.line_id,
    converted.row_id,
    converted.order_id,
    converted.order_line_id,
    converted.order_line_key,
    converted.is_original_known,
    converted.business_date,
    {{ fiscal_month('converted.business_date') }} as fiscal_month,
    converted.original_business_date,
    converted.original_fiscal_month,
    converted.line_type,
    converted.line_type in ('product', 'service') as is_revenue_line,
    converted.channel_code,
    coalesce(channels.channel_key, '-1') as channel_key,
    converted.customer_code,
    converted.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    coalesce(masters.segment_code, {{ unknown_code() }}) as segment_code,
    coalesce(masters.region_code, {{ unknown_code() }}) as region_code,
    converted.product_id,
    coalesce(
        products.product_key,
        case when converted.product_id = {{ none_code() }} then '0' else '-1' end
    ) as product_key,
    converted.product_family_code,
    converted.partner_code,
    coalesce(
        partners.partner_key,
        case when converted.partner_code = {{ none_code() }} then '0' else '-1' end
    ) as partner_key,
    converted.currency,
    converted.quantity,
    converted.net_amount,
    converted.cost_amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    converted.fx_rate,
    {{ as_money('converted.net_amount_reporting') }} as net_amount_reporting,
    {{ as_money('converted.cost_amount_reporting') }} as cost_amount_reporting,
    converted.owner_rep_code,
    converted.member_date
from converted
left join {{ ref('dim_channel') }} as channels
    on
        converted.channel_code = channels.channel_code
        and {{ version_on('channels', 'converted.member_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        converted.customer_source_system = customers.source_system
        and converted.customer_code = customers.customer_code
        and {{ version_on('customers', 'converted.member_date') }}
left join {{ ref('dim_customer') }} as masters
    on
        converted.master_source_system = masters.source_system
        and converted.master_customer_code = masters.customer_code
        and {{ version_on('masters', 'converted.member_date') }}
left join {{ ref('dim_product') }} as products
    on
        converted.product_source_system = products.source_system
        and converted.product_id = products.product_id
        and {{ version_on('products', 'converted.member_date') }}
left join {{ ref('dim_partner') }} as partners
    on
        converted.partner_code = partners.partner_code
        and {{ version_on('partners', 'converted.member_date') }}
