{#- Return lines as the carried release had them: its rows
    unchanged, none where there is no such release. -#}

select
    return_line_key,
    source_system,
    return_id,
    line_id,
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
    net_amount,
    net_amount_reporting,
    cost_amount_reporting
from {{ source('parent', 'fct_return_line') }}
