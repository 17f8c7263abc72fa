{#- Quotas spread over their interval by days, each weighted by its fiscal month
    (definition quota_month_weights). Closed forms of a date: no join, any year. -#}

{#- Weight of a day; 12 whole numbers above 0, that of the fiscal year's first month first. -#}
{% macro season_weight(date) -%}
    {%- set weights = _calendar_weights() -%}
    {%- if weights | unique | list | length == 1 -%}
        {{ weights[0] }}
    {%- else -%}
        case extract(month from {{ date }})
        {%- for weight in weights %} when {{ loop.index }} then {{ weight }}
        {%- endfor %} end
    {%- endif -%}
{%- endmacro %}

{#- Weighted days of [from, to); plain days where all months weigh the same. -#}
{% macro season_days(from_date, to_date) -%}
    {%- if _calendar_weights() | unique | list | length == 1 -%}
        {{ days_between(from_date, to_date) }}
    {%- else -%}
        ({{ _weight_before(to_date) }} - {{ _weight_before(from_date) }})
    {%- endif -%}
{%- endmacro %}

{#- Weights from January on. -#}
{% macro _calendar_weights() -%}
    {%- set weights = definition('quota_month_weights') -%}
    {%- if weights | length != 12 or weights | select('lt', 1) | list -%}
        {{ exceptions.raise_compiler_error(
            'quota_month_weights must be 12 whole numbers above 0, got ' ~ weights
        ) }}
    {%- endif -%}
    {%- set shift = 13 - var('fiscal_year_start_month') -%}
    {{ return((weights + weights)[shift % 12:shift % 12 + 12]) }}
{%- endmacro %}

{#- Weight of all days of the common era before a date. -#}
{% macro _weight_before(date) -%}
    {%- set weights = _calendar_weights() -%}
    {%- set lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] -%}
    {%- set year = 'cast(extract(year from ' ~ date ~ ') as bigint)' -%}
    {%- set month = 'extract(month from ' ~ date ~ ')' -%}
    {%- set leaps = '(' ~ int_div('Y', 4) ~ ' - ' ~ int_div('Y', 100) ~ ' + ' ~ int_div('Y', 400) ~ ')' -%}
    {%- set total = namespace(days=0) -%}
    {%- set before = [] -%}
    {%- for weight in weights -%}
        {%- do before.append(total.days) -%}
        {%- set total.days = total.days + weight * lengths[loop.index0] -%}
    {%- endfor -%}
    (({{ year }} - 1) * {{ total.days }}
    + {{ leaps | replace('Y', '(' ~ year ~ ' - 1)') }} * {{ weights[1] }}
    + case {{ month }}
    {%- for days in before %} when {{ loop.index }} then {{ days }}
    {%- endfor %} end
    + case
        when {{ month }} > 2
            then ({{ leaps | replace('Y', year) }}
                - {{ leaps | replace('Y', '(' ~ year ~ ' - 1)') }}) * {{ weights[1] }}
        else 0
    end
    + (cast(extract(day from {{ date }}) as bigint) - 1) * {{ season_weight(date) }})
{%- endmacro %}
