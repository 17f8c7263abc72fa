{{ config(materialized='view') }}
{#- One version of a partner; macro scd2_versions says how versions come about. -#}

{{ scd2_versions(
    ref('stg_channel__partners'),
    ['partner_code'],
    [
        'partner_type', 'tier', 'parent_code',
        'region', 'channel_code', 'status',
        'joined_date', 'ended_date'
    ]
) }}
