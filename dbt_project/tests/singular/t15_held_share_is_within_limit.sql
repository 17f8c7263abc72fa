{{ config(meta={'rule': 'T15'}) }}
{{ held_shares_above('T15', ['orders__payments']) }}
