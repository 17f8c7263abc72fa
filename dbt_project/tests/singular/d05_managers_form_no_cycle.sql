{{ config(meta={'rule': 'D05'}) }}
{#- Each version of a rep, on its first day, reaches the top within eight managers. A cycle that begins on
    some day begins with a version of one of its members on that day. -#}
{%- set deepest = 8 %}

select
    rep.rep_code as failing_key,
    rep.valid_from
from {{ ref('dim_sales_rep') }} as rep
{%- for hop in range(1, deepest + 1) %}
    {%- set below = 'rep' if hop == 1 else 'boss_' ~ (hop - 1) %}
inner join {{ ref('dim_sales_rep') }} as boss_{{ hop }}
    on
        {{ below }}.manager_code = boss_{{ hop }}.rep_code
        and {{ version_on('boss_' ~ hop, 'rep.valid_from') }}
{%- endfor %}
where boss_{{ deepest }}.manager_code is not null
