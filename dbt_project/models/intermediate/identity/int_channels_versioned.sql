{{ config(materialized='view') }}
{#- One version of a channel; macro scd2_versions says how versions come about. -#}

{{ scd2_versions(
    ref('stg_channel__channels'),
    ['channel_code'],
    [
        'name', 'channel_type', 'parent_code',
        'ended_on'
    ]
) }}
