{#- Grain: recipient x team (of the day of the award) x fiscal month with an award. -#}
with awards as (
    select
        rep_code,
        team_code,
        fiscal_month,
        recognition_key
    from {{ ref('fct_recognition') }}
)

select
    rep_code,
    team_code,
    fiscal_month,
    count(recognition_key) as recognition_count
from awards
group by rep_code, team_code, fiscal_month
