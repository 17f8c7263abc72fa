{#- No version is empty, and between two versions of one key no day is missing. -#}
{% test versions_leave_no_gap(model, key) %}
with versions as (
    select
        {{ natural_key(key) }} as failing_key,
        valid_from,
        valid_to,
        lead(valid_from) over (
            partition by {{ key | join(', ') }} order by valid_from, valid_to
        ) as next_from
    from {{ model }}
)

select
    failing_key,
    valid_from,
    valid_to
from versions
where valid_from >= valid_to or valid_to < next_from
{% endtest %}
