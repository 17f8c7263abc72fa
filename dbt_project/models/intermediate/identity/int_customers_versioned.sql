{{ config(materialized='table') }}
{#- One version of an account of one source; macro scd2_versions says how versions come
    about. -#}

{{ scd2_versions(
    ref('stg_crm__accounts'),
    ['source_system', 'account_id'],
    [
        'parent_account_id', 'segment', 'industry',
        'region', 'country', 'tier',
        'is_key_account', 'owner_rep_code', 'acquisition_channel_code',
        'created_at', 'merged_into_id'
    ]
) }}
