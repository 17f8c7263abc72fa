{{ config(meta={'rule': 'T03'}) }}
{{ held_shares_above('T03', ['orders__return_lines']) }}
