{{ config(meta={'rule': 'T14'}) }}
{{ held_shares_above('T14', ['orders__order_lines']) }}
