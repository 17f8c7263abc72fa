{{ config(meta={'rule': 'S16', 'table': 'all feeds'}) }}
{{ held_shares_above('S16', none) }}
