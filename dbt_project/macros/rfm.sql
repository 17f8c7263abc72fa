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
