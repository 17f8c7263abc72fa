{{ config(meta={'rule': 'D07', 'table': 'fct_order'}) }}
{#- An order keeps the channel that its header names, also after that channel ended: it
    is shown here. -#}

select
    orders.source_system || '|' || orders.order_id as failing_key,
    orders.channel_code,
    orders.business_date,
    channels.ended_on
from {{ ref('fct_order') }} as orders
inner join {{ ref('dim_channel') }} as channels
    on
        orders.channel_code = channels.channel_code
        and channels.is_current
where orders.business_date >= channels.ended_on
