{{ config(meta={'rule': 'S17'}) }}
{{ held_shares_above('S17', none) }}
