{#- Versions of one key follow each other: valid_to is the next valid_from, and one row
    is current. -#}
{% test versions_are_half_open(model, key) %}
with versions as (
    select
        {{ natural_key(key) }} as failing_key,
        valid_from,
        valid_to,
        is_current,
        lead(valid_from) over (
            partition by {{ key | join(', ') }} order by valid_from, valid_to
        ) as next_from
    from {{ model }}
)

select
    failing_key,
    count(*) as version_count
from versions
group by failing_key
having
    sum(case when is_current then 1 else 0 end) <> 1
    or sum(case when valid_to > next_from then 1 else 0 end) > 0
{% endtest %}
