{{ config(meta={'rule': 'S10'}) }}
{{ held_shares_above('S10', none) }}
