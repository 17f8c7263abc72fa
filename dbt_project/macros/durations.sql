{#- Durations in minutes and hours, calendar and business ones (E11). Whole seconds underneath. -#}

{#- Business seconds from the beginning of the calendar to a moment: nine hours for each workday before its
    day, and the part of 09:00 to 18:00 that has passed if its own day is one. The difference of two is the time
    between them; `day` is the alias of the moment's row of dim_date. -#}
{% macro business_clock(day, ts) -%}
    (
        ({{ day }}.workday_no - case when {{ day }}.is_workday then 1 else 0 end) * 32400
        + case
            when {{ day }}.is_workday
                then least(greatest({{ local_second(ts) }} - 32400, 0), 32400)
            else 0
        end
    )
{%- endmacro %}

{#- Seconds as minutes or hours with 4 decimals. -#}
{% macro seconds_as(seconds, length) -%}
    {{ money(rounded_div('(' ~ seconds ~ ') * 10000', length)) }}
{%- endmacro %}
