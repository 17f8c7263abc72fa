{#- Order lines as the carried release had them: its rows
    unchanged, none where there is no such release. -#}

select
    order_line_key,
    source_system,
    order_id,
    line_id,
    entry_no,
    row_id,
    is_revenue_line,
    business_date,
    fiscal_month,
    channel_code,
    customer_code,
    master_customer_code,
    currency,
    reporting_currency,
    fx_rate,
    gross_amount,
    net_amount,
    gross_amount_reporting,
    discount_amount_reporting,
    net_amount_reporting,
    cost_amount_reporting
from {{ source('parent', 'fct_order_line') }}
