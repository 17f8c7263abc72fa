{{ config(meta={'rule': 'P03'}) }}
{#- Where a month shows the whole company, the teams that it does not show are five
    people or more together, or nobody: the difference must not tell of fewer. -#}
{%- set groups = [
    'recognition', 'promotion', 'time_in_grade', 'retention_recognised', 'retention_other',
] %}

with statuses as (
    {%- for group in groups %}
        select
            team_code,
            fiscal_month,
            '{{ group }}' as group_code,
            {{ group }}_status = 'ok' as is_shown
        from {{ ref('mart_collaboration') }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

wholes as (
    select
        fiscal_month,
        group_code
    from statuses
    where team_code = {{ all_code() }} and is_shown
)

select
    wholes.fiscal_month || '|' || wholes.group_code as failing_key,
    sum(judged.member_count) as hidden_count
from wholes
inner join statuses
    on
        wholes.fiscal_month = statuses.fiscal_month
        and wholes.group_code = statuses.group_code
inner join {{ ref('int_team_groups_judged') }} as judged
    on
        statuses.team_code = judged.team_code
        and statuses.fiscal_month = judged.fiscal_month
        and statuses.group_code = judged.group_code
where not statuses.is_shown and statuses.team_code <> {{ all_code() }}
group by wholes.fiscal_month, wholes.group_code
having sum(judged.member_count) > 0 and sum(judged.member_count) < 5
