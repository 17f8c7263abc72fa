{#- Credits as the carried release had them: its rows
    unchanged, none where there is no such release. -#}

select
    credit_key,
    source_system,
    fact_type,
    fact_key,
    order_id,
    line_id,
    entry_no,
    row_id,
    credit_type,
    payee_code,
    team_code,
    business_date,
    fiscal_month,
    share,
    reporting_currency,
    is_revenue_line,
    gross_amount,
    net_amount,
    gross_amount_reporting,
    discount_amount_reporting,
    net_amount_reporting,
    cost_amount_reporting
from {{ source('parent', 'bridge_order_credit') }}
