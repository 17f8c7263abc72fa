{#- Codes, keys and the two rows that every dimension has. -#}

{#- md5 over the columns' text; NULL and the empty text give different keys. -#}
{% macro surrogate_key(columns) -%}
    md5(
    {%- for column in columns -%}
        coalesce(cast({{ column }} as string), '~'){{ " || '|' || " if not loop.last }}
    {%- endfor -%}
    )
{%- endmacro %}

{#- Readable form of a natural key, for lists of failing and held rows. -#}
{% macro natural_key(columns) -%}
    {%- for column in columns -%}
        coalesce(cast({{ column }} as string), ''){{ " || '|' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro none_code() -%} '(none)' {%- endmacro %}
{% macro unknown_code() -%} '(unknown)' {%- endmacro %}
{% macro all_code() -%} '(all)' {%- endmacro %}

{% macro first_day_of_time() -%} cast('1900-01-01' as date) {%- endmacro %}
{% macro last_day_of_time() -%} cast('9999-12-31' as date) {%- endmacro %}
{% macro as_of() -%} cast('{{ var("as_of_date") }}' as date) {%- endmacro %}

{#- Business date of the release that is carried on; NULL if there is none. -#}
{% macro parent_as_of() -%}
    cast({{ "'" ~ var('parent_as_of_date') ~ "'" if var('parent_as_of_date') else 'null' }} as date)
{%- endmacro %}

{#- `union all` of rows '0' (not applicable) and '-1' (unknown) of a dimension: per column SQL, or
    'key' ('0', '-1'), 'number' (0, -1) or 'code' for what differs between the two. -#}
{% macro fixed_rows(columns) %}
    {%- for number, code in [(0, none_code()), (-1, unknown_code())] %}
    union all
    select
        {%- for column in columns %}
        {{ {
            'key': "'" ~ number ~ "'", 'number': 'cast(' ~ number ~ ' as bigint)', 'code': code
        }.get(column, column) }}
        {{- ',' if not loop.last }}
        {%- endfor %}
    {%- endfor %}
{% endmacro %}

{#- The validity of a row that always holds: match_from, valid_from, valid_to. -#}
{% macro always() -%}
    {{ first_day_of_time() }} as match_from,
        {{ first_day_of_time() }} as valid_from,
        {{ last_day_of_time() }} as valid_to
{%- endmacro %}

{#- The line that a row_id ends in: `source|extract|line`, and `|n` more where one raw row
    gives several rows. -#}
{% macro line_of(row_id, source_system, extract_id) -%}
    cast(split_part(
        substr({{ row_id }}, length({{ source_system }}) + length({{ extract_id }}) + 3), '|', 1
    ) as bigint)
{%- endmacro %}

{#- Version of the rules by which accounts become one customer: a change of the rules is a new version.
    1: merges of the source. 2: also one registration number, one id in two sources. -#}
{% macro match_rule_version() -%} '2' {%- endmacro %}
