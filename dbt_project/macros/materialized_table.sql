{#- A table of the build file, made once and in one transaction. dbt-duckdb's own materialization builds
    under another name and swaps, so that readers of a standing database never miss a table; the build file is
    new in each run and nobody but dbt opens it, and the swap was a fifth of the time of a small build. -#}
{% materialization table, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {{ drop_relation_if_exists(load_cached_relation(this)) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {{- create_table_as(False, target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do persist_docs(target, model) %}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
