{{ config(meta={'rule': 'T14', 'table': 'orders__order_lines'}) }}
{{ held_shares_above('T14', ['orders__order_lines']) }}
