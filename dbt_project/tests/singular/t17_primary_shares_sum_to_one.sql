{{ config(meta={'rule': 'T17'}) }}
{#- Per order line entry and return line; exactly one channel of record, at most one
    sourcing partner. -#}

select
    fact_key || '|' || credit_type as failing_key,
    sum(share) as share_sum,
    count(*) as payee_count
from {{ ref('bridge_order_credit') }}
where credit_type in ('rep_primary', 'channel_of_record', 'partner_sourced')
group by fact_key, credit_type
having sum(share) <> 1 or (credit_type <> 'rep_primary' and count(*) <> 1)
