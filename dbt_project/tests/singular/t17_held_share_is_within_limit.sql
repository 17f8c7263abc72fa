{{ config(meta={'rule': 'T17'}) }}
{{ held_shares_above('T17', ['orders__order_credits']) }}
