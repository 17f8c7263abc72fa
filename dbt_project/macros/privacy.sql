{#- P03: no rate tells of fewer people than low_n, nor does the company's less those that
    are shown. Rows are groups: team_code ((all) is the company), member_count, is_small
    (fewer than low_n), small_count (people of the small teams of the month together) and
    size_no. -#}

{#- Place of a team among the small or among the other teams of `month`, the one of
    fewest people first. -#}
{% macro group_size_no(month) -%}
    row_number() over (
        partition by {{ month }}, is_small, team_code = {{ all_code() }}
        order by member_count nulls last, team_code nulls last
    )
{%- endmacro %}

{#- A small group is hidden; and where the small teams together are fewer than low_n
    themselves, so that all less the shown ones would tell of them, the smallest of the
    shown teams is hidden too. -#}
{% macro is_group_hidden(groups) -%}
    (
        {{ groups }}.is_small or (
            {{ groups }}.team_code <> {{ all_code() }}
            and {{ groups }}.size_no = 1
            and {{ groups }}.small_count > 0
            and {{ groups }}.small_count < {{ definition('low_n') }}
        )
    )
{%- endmacro %}
