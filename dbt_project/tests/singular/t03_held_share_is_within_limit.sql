{{ config(meta={'rule': 'T03', 'table': 'orders__return_lines'}) }}
{{ held_shares_above('T03', ['orders__return_lines']) }}
