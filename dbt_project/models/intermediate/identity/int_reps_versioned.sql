{{ config(materialized='table') }}
{#- One version of a rep; macro scd2_versions says how versions come about. -#}

{{ scd2_versions(
    ref('stg_people__reps'),
    ['rep_code'],
    [
        'role_code', 'team_code', 'manager_code',
        'hire_date', 'exit_date', 'ramp_profile',
        'plan_code', 'commission_rate'
    ]
) }}
