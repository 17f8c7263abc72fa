{{ config(meta={'rule': 'T17', 'table': 'fct_opportunity'}) }}
{#- An order that several won deals name: each of them counts as won in full, and the
    team of one of them alone is credited. -#}

select
    orders.source_system || '|' || orders.order_id as failing_key,
    count(*) as deal_count,
    min(deals.opportunity_id) as first_opportunity_id,
    max(deals.opportunity_id) as last_opportunity_id
from {{ ref('fct_opportunity') }} as deals
inner join {{ ref('fct_order') }} as orders on deals.order_id = orders.order_id
where deals.state = 'won'
group by orders.source_system, orders.order_id
having count(*) > 1
