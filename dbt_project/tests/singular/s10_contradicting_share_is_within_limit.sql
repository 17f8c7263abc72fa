{{ config(meta={'rule': 'S10', 'table': 'all feeds'}) }}
{{ held_shares_above('S10', none) }}
