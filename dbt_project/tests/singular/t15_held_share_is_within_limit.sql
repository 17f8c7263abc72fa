{{ config(meta={'rule': 'T15', 'table': 'orders__payments'}) }}
{{ held_shares_above('T15', ['orders__payments']) }}
