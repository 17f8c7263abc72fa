{{ config(meta={'rule': 'D11', 'table': 'all facts'}) }}
{#- Share of unknown (-1) keys per fact, key and source, above what the source declares
    to expect. -#}

{{ unknown_shares_above('unknown_share_block') }}
