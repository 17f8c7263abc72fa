{{ config(meta={'rule': 'P03'}) }}
{#- A rate about fewer than five people has no part to be seen and says suppressed. -#}
{%- set shown = {
    'recognition': 'recognition_coverage_numerator',
    'promotion': 'promotion_numerator',
    'time_in_grade': 'time_in_grade_days_numerator',
    'retention_recognised': 'retention_recognised_numerator',
    'retention_other': 'retention_other_numerator',
} %}

with shown as (
    {%- for group, column in shown.items() %}
        select
            team_code,
            fiscal_month,
            '{{ group }}' as group_code
        from {{ ref('mart_collaboration') }}
        where {{ column }} is not null or {{ group }}_status = 'ok'
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    shown.team_code || '|' || shown.fiscal_month || '|' || shown.group_code
        as failing_key,
    judged.member_count
from shown
inner join {{ ref('int_team_groups_judged') }} as judged
    on
        shown.team_code = judged.team_code
        and shown.fiscal_month = judged.fiscal_month
        and shown.group_code = judged.group_code
where judged.member_count < 5
