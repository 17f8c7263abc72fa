{{ config(meta={'rule': 'T04', 'table': 'fct_order'}) }}
{#- What was shipped of a cancelled order has come back in full: a part of it leaves the
    rest with the customer. -#}

select
    source_system || '|' || order_id as failing_key,
    shipped_date,
    cancelled_date,
    net_amount as shipped_amount
from {{ ref('fct_order') }}
where
    cancelled_date is not null
    and shipped_date is not null
    and line_count > 0
    and not is_fully_returned
