{#- One relation per source table over its landed files. The files are found when the
    build runs, so that one parsed project serves every home. -#}

{% macro register_sources() %}
    {% if execute and flags.WHICH in ('build', 'run', 'test', 'compile', 'show') %}
        {{ return(adapter.dispatch('register_sources', 'weir')()) }}
    {% endif %}
{% endmacro %}

{% macro default__register_sources() %}
    {% do run_query('create schema if not exists landing') %}
    {% do run_query('create schema if not exists parent') %}
    {% for node in graph.sources.values() if node.source_name == 'parent' %}
        {% do run_query(
            'create or replace view parent.' ~ node.name ~ ' as ' ~ carried_table(node)
        ) %}
    {% endfor %}
    {% set withdrawn = feeds_with_withdrawn_rows() %}
    {% for node in graph.sources.values() if node.source_name == 'landing' %}
        {% set files = var('landing_root') ~ '/' ~ node.name ~ '/*/*.parquet' %}
        {% set count_files = "select count(*) from glob('" ~ files ~ "')" %}
        {% set found = run_query(count_files).columns[0].values()[0] %}
        {% if found == 0 and node.name == 'orders__orders' %}
            {% do exceptions.raise_compiler_error(
                'no landed orders under ' ~ var('landing_root') ~ ': is landing_root right?'
            ) %}
        {% endif %}
        {% do run_query(
            'create or replace view landing.' ~ node.name ~ ' as '
            ~ (landed_files(files) if found else typed_nothing(node))
            ~ (without_withdrawn(node.name) if node.name in withdrawn else '')
        ) %}
    {% endfor %}
{% endmacro %}

{% macro landed_files(files) -%}
    select * from read_parquet('{{ files }}', union_by_name = true, hive_partitioning = false)
{%- endmacro %}

{#- Rows that their source no longer has (S13) stay in the landed files, and are listed in
    a file of each source; the warehouse reads the feed without them. -#}
{% macro withdrawn_files() -%}
    {{ var('landing_root') }}/ops__quarantine_row/*/@withdrawn.parquet
{%- endmacro %}

{% macro feeds_with_withdrawn_rows() %}
    {% set files = withdrawn_files() %}
    {% if run_query("select count(*) from glob('" ~ files ~ "')").columns[0].values()[0] %}
        {% set found = run_query("select distinct feed from read_parquet('" ~ files ~ "')") %}
        {{ return(found.columns[0].values()) }}
    {% endif %}
    {{ return([]) }}
{% endmacro %}

{% macro without_withdrawn(feed) %}
    where row_id not in (
        select row_id from read_parquet('{{ withdrawn_files() }}') where feed = '{{ feed }}'
    )
{%- endmacro %}

{#- A table of the release that is carried on, in the columns and types that are declared here: an earlier
    version may have released it with fewer columns, or not at all. -#}
{% macro carried_table(node) -%}
    {%- set file = var('parent_root') ~ '/' ~ node.name ~ '.parquet' -%}
    {%- set found = var('parent_root') and run_query(
        "select count(*) from glob('" ~ file ~ "')"
    ).columns[0].values()[0] -%}
    {%- if found -%}
        {%- set released = run_query(
            "select name from parquet_schema('" ~ file ~ "')"
        ).columns[0].values() -%}
        select
        {%- for column in node.columns.values() %}
            cast({{ column.name if column.name in released else 'null' }}
                as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
        {%- endfor %}
        from read_parquet('{{ file }}')
    {%- else -%}
        {{ typed_nothing(node) }}
    {%- endif -%}
{%- endmacro %}

{#- No row, but every column of the source table in its declared type. -#}
{% macro typed_nothing(node) -%}
    select
    {%- for column in node.columns.values() %}
        cast(null as {{ column.data_type }}) as {{ column.name }}{{ ',' if not loop.last }}
    {%- endfor %}
    where 1 = 0
{%- endmacro %}

{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
