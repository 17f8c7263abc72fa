{{ config(materialized='view') }}
{#- One row of money to be credited: an order line entry, or a return line with what was
    returned before it. Amounts in units of 0.0001, positive for returns: direction is
    the sign. basis_*: the line whose payees are credited. -#}

select
    'order_line' as fact_type,
    'order_line' as basis_type,
    order_line_key as fact_key,
    source_system,
    order_id as document_id,
    line_id as document_line_id,
    order_id,
    line_id,
    entry_no,
    row_id,
    original_business_date as credit_date,
    business_date,
    {{ close_date('business_date') }} as close_date,
    currency,
    is_revenue_line,
    1 as direction,
    {{ units('gross_amount') }} as gross,
    {{ units('gross_amount_reporting') }} as gross_rep,
    {{ units('net_amount') }} as net,
    0 as net_before,
    {{ units('net_amount_reporting') }} as net_rep,
    0 as net_rep_before,
    {{ units('cost_amount_reporting') }} as cost_rep,
    0 as cost_rep_before
from {{ ref('fct_order_line') }}
union all
select
    'return_line' as fact_type,
    case when is_original_known then 'order_line' else 'return_line' end as basis_type,
    return_line_key as fact_key,
    source_system,
    case when is_original_known then order_id else return_id end as document_id,
    case when is_original_known then order_line_id else line_id end as document_line_id,
    order_id,
    line_id,
    1 as entry_no,
    row_id,
    member_date as credit_date,
    business_date,
    {{ close_date('business_date') }} as close_date,
    currency,
    is_revenue_line,
    -1 as direction,
    0 as gross,
    0 as gross_rep,
    {{ returned_so_far(units('net_amount')) }} as net,
    {{ returned_so_far(units('net_amount')) }}
    - {{ units('net_amount') }} as net_before,
    {{ returned_so_far(units('net_amount_reporting')) }} as net_rep,
    {{ returned_so_far(units('net_amount_reporting')) }}
    - {{ units('net_amount_reporting') }} as net_rep_before,
    {{ returned_so_far(units('cost_amount_reporting')) }} as cost_rep,
    {{ returned_so_far(units('cost_amount_reporting')) }}
    - {{ units('cost_amount_reporting') }} as cost_rep_before
from {{ ref('fct_return_line') }}
