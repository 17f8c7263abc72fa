{#- What engines spell or compute differently, in one place. The default body is DuckDB's;
    another engine adds `<engine>__name`. Models use these names alone. -#}

{% macro int_div(a, b) -%}
    {{ return(adapter.dispatch('int_div', 'weir')(a, b)) }}
{%- endmacro %}
{% macro default__int_div(a, b) -%} (({{ a }}) // ({{ b }})) {%- endmacro %}
{% macro spark__int_div(a, b) -%} (({{ a }}) div ({{ b }})) {%- endmacro %}

{#- An integer that does not overflow when two amounts in units are multiplied. -#}
{% macro wide_int(x) -%}
    {{ return(adapter.dispatch('wide_int', 'weir')(x)) }}
{%- endmacro %}
{% macro default__wide_int(x) -%} cast({{ x }} as hugeint) {%- endmacro %}
{% macro spark__wide_int(x) -%} cast({{ x }} as decimal(38, 0)) {%- endmacro %}

{% macro list_text(x, separator, ordering) -%}
    {{ return(adapter.dispatch('list_text', 'weir')(x, separator, ordering)) }}
{%- endmacro %}
{% macro default__list_text(x, separator, ordering) -%}
    string_agg({{ x }}, '{{ separator }}' order by {{ ordering }})
{%- endmacro %}
{% macro spark__list_text(x, separator, ordering) -%}
    listagg({{ x }}, '{{ separator }}') within group (order by {{ ordering }})
{%- endmacro %}

{#- One column `date_day`, both ends included. -#}
{% macro day_spine(first_day, last_day) -%}
    {{ return(adapter.dispatch('day_spine', 'weir')(first_day, last_day)) }}
{%- endmacro %}
{% macro default__day_spine(first_day, last_day) -%}
    select cast(range as date) as date_day
    from range({{ first_day }}, {{ last_day }} + 1, interval 1 day)
{%- endmacro %}
{% macro spark__day_spine(first_day, last_day) -%}
    select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as date_day
{%- endmacro %}

{#- Whole days from `a` to `b`. -#}
{% macro days_between(a, b) -%}
    {{ return(adapter.dispatch('days_between', 'weir')(a, b)) }}
{%- endmacro %}
{% macro default__days_between(a, b) -%} ({{ b }} - {{ a }}) {%- endmacro %}
{% macro spark__days_between(a, b) -%} datediff({{ b }}, {{ a }}) {%- endmacro %}

{% macro add_days(d, n) -%}
    {{ return(adapter.dispatch('add_days', 'weir')(d, n)) }}
{%- endmacro %}
{% macro default__add_days(d, n) -%} cast({{ d }} + cast({{ n }} as int) as date) {%- endmacro %}
{% macro spark__add_days(d, n) -%} date_add({{ d }}, cast({{ n }} as int)) {%- endmacro %}

{% macro add_days_to_time(ts, n) -%}
    {{ return(adapter.dispatch('add_days_to_time', 'weir')(ts, n)) }}
{%- endmacro %}
{% macro default__add_days_to_time(ts, n) -%} ({{ ts }} + interval {{ n }} day) {%- endmacro %}
{% macro spark__add_days_to_time(ts, n) -%} ({{ ts }} + interval {{ n }} day) {%- endmacro %}

{% macro add_months(d, n) -%}
    {{ return(adapter.dispatch('add_months', 'weir')(d, n)) }}
{%- endmacro %}
{% macro default__add_months(d, n) -%}
    cast({{ d }} + to_months(cast({{ n }} as int)) as date)
{%- endmacro %}
{% macro spark__add_months(d, n) -%} add_months({{ d }}, cast({{ n }} as int)) {%- endmacro %}

{#- Monday 1 to Sunday 7. -#}
{% macro iso_weekday(d) -%}
    {{ return(adapter.dispatch('iso_weekday', 'weir')(d)) }}
{%- endmacro %}
{% macro default__iso_weekday(d) -%} extract(isodow from {{ d }}) {%- endmacro %}
{% macro spark__iso_weekday(d) -%} (weekday({{ d }}) + 1) {%- endmacro %}

{#- The date of a UTC timestamp on the wall of the business time zone. -#}
{% macro local_date(ts, zone=none) -%}
    {{ return(adapter.dispatch('local_date', 'weir')(ts, zone or var('business_timezone'))) }}
{%- endmacro %}
{% macro default__local_date(ts, zone) -%}
    cast(timezone('{{ zone }}', timezone('UTC', {{ ts }})) as date)
{%- endmacro %}
{% macro spark__local_date(ts, zone) -%}
    cast(from_utc_timestamp({{ ts }}, '{{ zone }}') as date)
{%- endmacro %}

{% macro regex_like(x, pattern) -%}
    {{ return(adapter.dispatch('regex_like', 'weir')(x, pattern)) }}
{%- endmacro %}
{% macro default__regex_like(x, pattern) -%} regexp_matches({{ x }}, '{{ pattern }}') {%- endmacro %}
{% macro spark__regex_like(x, pattern) -%} regexp_like({{ x }}, '{{ pattern }}') {%- endmacro %}

{#- Whole seconds from one timestamp to another. -#}
{% macro seconds_between(a, b) -%}
    {{ return(adapter.dispatch('seconds_between', 'weir')(a, b)) }}
{%- endmacro %}
{% macro default__seconds_between(a, b) -%} date_diff('second', {{ a }}, {{ b }}) {%- endmacro %}
{% macro spark__seconds_between(a, b) -%} timestampdiff(second, {{ a }}, {{ b }}) {%- endmacro %}

{#- Second of the day of a UTC timestamp on the wall of the business time zone. -#}
{% macro local_second(ts, zone=none) -%}
    {{ return(adapter.dispatch('local_second', 'weir')(ts, zone or var('business_timezone'))) }}
{%- endmacro %}
{% macro default__local_second(ts, zone) -%}
    {%- set wall = "timezone('" ~ zone ~ "', timezone('UTC', " ~ ts ~ "))" -%}
    cast(
        extract(hour from {{ wall }}) * 3600 + extract(minute from {{ wall }}) * 60
        + extract(second from {{ wall }}) as bigint
    )
{%- endmacro %}
{% macro spark__local_second(ts, zone) -%}
    {%- set wall = "from_utc_timestamp(" ~ ts ~ ", '" ~ zone ~ "')" -%}
    cast(
        hour({{ wall }}) * 3600 + minute({{ wall }}) * 60 + second({{ wall }}) as bigint
    )
{%- endmacro %}
