{{ config(meta={'rule': 'T17', 'table': 'orders__order_credits'}) }}
{{ held_shares_above('T17', ['orders__order_credits']) }}
