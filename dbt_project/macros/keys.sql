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

{% macro first_day_of_time() -%} cast('1900-01-01' as date) {%- endmacro %}
{% macro last_day_of_time() -%} cast('9999-12-31' as date) {%- endmacro %}
{% macro as_of() -%} cast('{{ var("as_of_date") }}' as date) {%- endmacro %}
