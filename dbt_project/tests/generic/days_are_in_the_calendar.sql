{#- Every day in `column_name` is a row of dim_date. -#}
{% test days_are_in_the_calendar(model, column_name) %}
select
    cast(facts.day as string) as failing_key,
    facts.row_count
from (
    select
        {{ column_name }} as day,
        count(*) as row_count
    from {{ model }}
    where {{ column_name }} is not null
    group by {{ column_name }}
) as facts
left join {{ ref('dim_date') }} as calendar on facts.day = calendar.date_day
where calendar.date_day is null
{% endtest %}
