{{ config(meta={'rule': 'D05'}) }}
{#- Each version of a rep, on its first day, reaches the top within eight managers. A
    cycle that begins on some day begins with a version of one of its members on that
    day. -#}

select
    rep.rep_code as failing_key,
    rep.valid_from
from {{ ref('dim_sales_rep') }} as rep
{{ managers_joined('rep', 8) }}
where boss_8.manager_code is not null
