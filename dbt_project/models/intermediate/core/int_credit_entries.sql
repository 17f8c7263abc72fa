{{ config(materialized='view') }}
{#- One row of money to be credited: an order line entry, or a return line with what was
    returned before it. Amounts in units of 0.0001, positive for returns and reversals:
    direction is the sign. A reversal is the last piece of its line: all of it, with
    what was returned before. basis_*: the line whose payees are credited. -#}

with lines as (
    select
        order_line_key,
        source_system,
        order_id,
        line_id,
        entry_no,
        row_id,
        original_business_date,
        business_date,
        currency,
        is_revenue_line,
        gross_amount,
        gross_amount_reporting,
        net_amount,
        net_amount_reporting,
        cost_amount_reporting,
        {%- for amount in [
            'net_amount', 'net_amount_reporting', 'cost_amount_reporting'
        ] %}
            case
                when entry_no = 1 then 0
                else cast(sum({{ units(amount) }}) over (
                    partition by source_system, order_id, line_id
                ) as bigint)
            end as {{ amount }}_before,
        {%- endfor %}
        case when entry_no = 1 then 1 else -1 end as direction
    from {{ ref('fct_order_line') }}
)

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
    direction,
    direction * {{ units('gross_amount') }} as gross,
    direction * {{ units('gross_amount_reporting') }} as gross_rep,
    net_amount_before + direction * {{ units('net_amount') }} as net,
    net_amount_before as net_before,
    net_amount_reporting_before + direction * {{ units('net_amount_reporting') }}
        as net_rep,
    net_amount_reporting_before as net_rep_before,
    cost_amount_reporting_before + direction * {{ units('cost_amount_reporting') }}
        as cost_rep,
    cost_amount_reporting_before as cost_rep_before
from lines
union all
select
    'return_line' as fact_type,
    case when is_original_known then 'order_line' else 'return_line' end as basis_type,
    return_line_key as fact_key,
    source_system,
    case when is_original_known then order_id else return_id end as document_id,
    case when is_original_known then order_line_id else line_id end as document_line_id,
    order_id,
    case when is_original_known then order_line_id else line_id end as line_id,
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
