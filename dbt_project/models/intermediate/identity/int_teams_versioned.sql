{{ config(materialized='view') }}
{#- One version of a team; macro scd2_versions says how versions come about. -#}

{{ scd2_versions(
    ref('stg_people__teams'),
    ['team_code'],
    [
        'name', 'parent_code', 'manager_code',
        'territory_codes'
    ]
) }}
