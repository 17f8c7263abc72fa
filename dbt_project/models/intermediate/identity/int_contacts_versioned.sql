{{ config(materialized='view') }}
{#- One version of a contact; macro scd2_versions says how versions come about. -#}

{{ scd2_versions(
    ref('stg_crm__contacts'),
    ['source_system', 'contact_id'],
    ['party_type', 'account_id']
) }}
