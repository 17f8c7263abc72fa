{#- Recency, frequency and monetary value: segments of two scores, scores by frozen cut points. -#}

{#- The segment of recency score `r` and frequency and monetary score; FM = their mean, half up. -#}
{% macro rfm_segment(r, f, m) -%}
    {%- set rows = {
        5: ['champions', 'champions', 'potential_loyalist', 'potential_loyalist', 'new'],
        4: ['champions', 'loyal', 'potential_loyalist', 'potential_loyalist', 'promising'],
        3: ['loyal', 'loyal', 'need_attention', 'about_to_sleep', 'about_to_sleep'],
        2: ['cannot_lose', 'at_risk', 'at_risk', 'hibernating', 'hibernating'],
        1: ['cannot_lose', 'at_risk', 'at_risk', 'lost', 'lost'],
    } -%}
    case {{ r }} * 10 + {{ int_div(f ~ ' + ' ~ m ~ ' + 1', 2) }}
    {%- for recency, segments in rows.items() %}
        {%- for segment in segments %}
        when {{ recency * 10 + 6 - loop.index }} then '{{ segment }}'
        {%- endfor %}
    {%- endfor %}
    end
{%- endmacro %}

{#- Score 1 to 5 of a value by cuts_<side>_2 .. cuts_<side>_5 of `cuts`: one more for each cut it reaches. -#}
{% macro frozen_score(x, cuts, side, is_least_best=false) -%}
    (1
    {%- for score in range(2, 6) %}
        + case when {{ x }} {{ '<=' if is_least_best else '>=' }} {{ cuts }}.{{ side }}_{{ score }} then 1 else 0 end
    {%- endfor %})
{%- endmacro %}

{#- 5 for the first fifth of ranks 1..n, 1 for the last; the first fifths take what does not divide. NULL below 5. -#}
{% macro fifth_score(rank, n) -%}
    {%- set size = int_div(n, 5) -%}
    {%- set long = '(' ~ n ~ ' - 5 * ' ~ size ~ ')' -%}
    case
        when {{ n }} < 5 then null
        when {{ rank }} <= {{ long }} * ({{ size }} + 1)
            then 5 - {{ int_div(rank ~ ' - 1', size ~ ' + 1') }}
        else 5 - {{ long }} - {{ int_div(
            rank ~ ' - 1 - ' ~ long ~ ' * (' ~ size ~ ' + 1)', 'greatest(' ~ size ~ ', 1)'
        ) }}
    end
{%- endmacro %}
