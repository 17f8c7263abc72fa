{#- Grain: order line x entry (original, reversal), signed, each on its own business
    date; the sum of the entries is what holds at as_of. Returns are not in here
    (fct_return_line). Not additive: unit_price, unit_cost, fx_rate. Amounts add over
    rows, never over the two currencies of one row. Business rules E3, E4 (kpis.md);
    gross revenue = gross_amount_reporting where is_revenue_line. A reversal keeps the
    members of its original and takes back what is left of it: returns up to the
    cancellation have taken their part. customer_key is the record that bought, segment
    and region are those of its master (E12). Source: orders.order_lines. -#}

with entries as (
    select
        source_system,
        order_id,
        line_id,
        row_id,
        entry_no,
        entry_type,
        direction,
        line_type,
        is_revenue_line,
        business_date,
        entry_date,
        order_date,
        channel_code,
        customer_source_system,
        customer_code,
        master_source_system,
        master_customer_code,
        partner_code,
        product_id,
        product_source_system,
        product_family_code,
        currency,
        quantity,
        unit_price,
        gross_amount,
        net_amount,
        is_discount_stated,
        is_free_good,
        unit_cost,
        fx_rate,
        cost_amount,
        cost_amount_reporting,
        gross_amount_reporting,
        net_amount_reporting
    from {{ ref('int_order_lines_entered') }}
)

select
    {{ surrogate_key(
        ['entries.source_system', 'entries.order_id', 'entries.line_id', 'entries.entry_no']
    ) }} as order_line_key,
    entries.source_system,
    entries.order_id,
    entries.line_id,
    entries.entry_type,
    cast(entries.entry_no as bigint) as entry_no,
    entries.row_id,
    entries.line_type,
    entries.is_revenue_line,
    entries.entry_date as business_date,
    {{ fiscal_month('entries.entry_date') }} as fiscal_month,
    entries.order_date,
    entries.channel_code,
    coalesce(channels.channel_key, '-1') as channel_key,
    entries.customer_code,
    entries.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    coalesce(masters.segment_code, {{ unknown_code() }}) as segment_code,
    coalesce(masters.region_code, {{ unknown_code() }}) as region_code,
    entries.product_id,
    coalesce(
        products.product_key,
        case when entries.product_id = {{ none_code() }} then '0' else '-1' end
    ) as product_key,
    entries.product_family_code,
    entries.partner_code,
    coalesce(
        partners.partner_key,
        case when entries.partner_code = {{ none_code() }} then '0' else '-1' end
    ) as partner_key,
    entries.currency,
    cast(entries.direction * entries.quantity as decimal(18, 4)) as quantity,
    entries.unit_price,
    {{ as_money('entries.direction * entries.gross_amount') }} as gross_amount,
    {{ as_money('entries.direction * (entries.gross_amount - entries.net_amount)') }}
        as discount_amount,
    {{ as_money('entries.direction * entries.net_amount') }} as net_amount,
    {{ as_money('entries.direction * entries.cost_amount') }} as cost_amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    entries.fx_rate,
    {{ as_money('entries.direction * entries.gross_amount_reporting') }}
        as gross_amount_reporting,
    {{ as_money(
        'entries.direction * (entries.gross_amount_reporting - entries.net_amount_reporting)'
    ) }} as discount_amount_reporting,
    {{ as_money('entries.direction * entries.net_amount_reporting') }}
        as net_amount_reporting,
    {{ as_money('entries.direction * entries.cost_amount_reporting') }}
        as cost_amount_reporting,
    entries.is_free_good,
    entries.unit_cost,
    entries.business_date as original_business_date,
    entries.is_discount_stated
from entries
left join {{ ref('dim_channel') }} as channels
    on
        entries.channel_code = channels.channel_code
        and {{ version_on('channels', 'entries.business_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        entries.customer_source_system = customers.source_system
        and entries.customer_code = customers.customer_code
        and {{ version_on('customers', 'entries.business_date') }}
left join {{ ref('dim_customer') }} as masters
    on
        entries.master_source_system = masters.source_system
        and entries.master_customer_code = masters.customer_code
        and {{ version_on('masters', 'entries.business_date') }}
left join {{ ref('dim_product') }} as products
    on
        entries.product_source_system = products.source_system
        and entries.product_id = products.product_id
        and {{ version_on('products', 'entries.business_date') }}
left join {{ ref('dim_partner') }} as partners
    on
        entries.partner_code = partners.partner_code
        and {{ version_on('partners', 'entries.business_date') }}
