{{ config(meta={'rule': 'S17', 'table': 'all feeds'}) }}
{{ held_shares_above('S17', none) }}
