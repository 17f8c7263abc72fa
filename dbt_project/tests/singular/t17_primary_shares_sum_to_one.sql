{{ config(meta={'rule': 'T17'}) }}
{#- Per order line entry or return line and edit: what it credits sums to 1, what it
    takes back to -1; exactly one channel of record, at most one sourcing partner. -#}

select
    fact_key || '|' || credit_type || '|' || cast(edit_no as string) as failing_key,
    sum(share) as share_sum,
    count(*) as payee_count
from {{ ref('bridge_order_credit') }}
where credit_type in ('rep_primary', 'channel_of_record', 'partner_sourced')
group by fact_key, credit_type, edit_no, is_edit_reversal
having
    sum(share) <> case when is_edit_reversal then -1 else 1 end
    or (credit_type <> 'rep_primary' and count(*) <> 1)
