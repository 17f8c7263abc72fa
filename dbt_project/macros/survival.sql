{#- Durations of which some have not ended: the Kaplan-Meier median (E10, E16). -#}

{#- ln(n) in whole units of 0.000000000001. Rounded before anything is added up, so a sum is one of whole
    numbers: the same in any order, on any engine. -#}
{% macro log_units(n) -%} cast(round(ln({{ n }}) * 1000000000000) as bigint) {%- endmacro %}

{#- Per group of `keys`: km_median (smallest duration t with S(t) <= 0.5; NULL where S never gets there),
    longest_observed, member_count, event_count. `relation` is a name with one row a case: `duration`, a whole
    number from 0 (a row without one is left out), and `is_event`, whether it ended then; a case that had not
    ended is at risk up to and with its own duration. A group without a case has no row.
    S(t) is a product of (at_risk - events) / at_risk. Its logarithm is a sum of ln(at_risk - events) - ln(at_risk)
    in whole units: what telescopes cancels exactly, and each other factor is off by at most one unit. A half
    counts as reached within 1000 units (one part in 1,000,000,000): the error of as many factors, and less than
    the distance of any S(t) of 100,000,000 uncensored cases from a half. -#}
{% macro km_medians(relation, keys, duration='duration', is_event='is_event') %}
select
    {%- for key in keys %}
    {{ key }},
    {%- endfor %}
    min(
        case
            when survival_log <= {{ log_units(1) }} - {{ log_units(2) }} + 1000 then duration
        end
    ) as km_median,
    max(duration) as longest_observed,
    cast(sum(member_count) as bigint) as member_count,
    cast(sum(event_count) as bigint) as event_count
from (
    select
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        duration,
        member_count,
        event_count,
        sum(
            case
                when event_count = at_risk then -1000000000000000
                else {{ log_units('at_risk - event_count') }} - {{ log_units('at_risk') }}
            end
        ) over (
            {{ 'partition by ' ~ keys | join(', ') if keys }}
            order by duration nulls last
            rows between unbounded preceding and current row
        ) as survival_log
    from (
        select
            {%- for key in keys %}
            {{ key }},
            {%- endfor %}
            {{ duration }} as duration,
            count(*) as member_count,
            count(case when {{ is_event }} then 1 end) as event_count,
            sum(count(*)) over (
                {{ 'partition by ' ~ keys | join(', ') if keys }}
                order by {{ duration }} desc nulls last
                rows between unbounded preceding and current row
            ) as at_risk
        from {{ relation }}
        where {{ duration }} is not null
        group by {{ (keys + [duration]) | join(', ') }}
    ) as steps
) as curve
{{ 'group by ' ~ keys | join(', ') if keys }}
{% endmacro %}
