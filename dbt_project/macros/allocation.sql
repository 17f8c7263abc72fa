{#- Largest remainder: whole units handed out so that they add up to the last one. -#}

{#- `relation` with, for each of `amounts` (whole units, signed), `<amount>_allocated`: the part of the
    row's weight in `whole`. Each row gets the floor of its exact part; the units still missing in the
    group go one by one to the largest fractions, ties by `ties`. Negative amounts are allocated as
    positive ones and negated, so that a full return cancels exactly. `group` are the columns of one
    allocation; `weight` and `whole` are integers >= 0, whole the same within a group. -#}
{% macro allocate(relation, keep, amounts, weight, whole, group, ties) %}
    {%- set by_group = group | join(', ') -%}
    {%- set by_ties = ties | join(' nulls last, ') ~ ' nulls last' -%}
    {%- set carried = (keep + group + ties) | unique | join(', ') -%}
select
    {{ keep | join(', ') }}
    {%- for amount in amounts %},
    cast(
        {{ sign_of(amount) }} * (
            {{ amount }}_floor
            + case when {{ amount }}_rank <= {{ amount }}_missing then 1 else 0 end
        ) as bigint
    ) as {{ amount }}_allocated
    {%- endfor %}
from (
    select
        {{ carried }}
    {%- for amount in amounts %},
        {{ amount }},
        {{ amount }}_floor,
        row_number() over (
            partition by {{ by_group }}
            order by {{ amount }}_rest desc nulls last, {{ by_ties }}
        ) as {{ amount }}_rank,
        {{ int_div(
            'sum(' ~ amount ~ '_rest) over (partition by ' ~ by_group ~ ')', 'allocation_whole'
        ) }} as {{ amount }}_missing
    {%- endfor %},
        allocation_whole
    from (
        select
            {{ carried }}
    {%- for amount in amounts %},
            {{ amount }},
            {{ amount }}_floor,
            {{ wide_int('abs(' ~ amount ~ ')') }} * {{ weight }}
                - {{ amount }}_floor * {{ whole }} as {{ amount }}_rest
    {%- endfor %},
            {{ whole }} as allocation_whole
        from (
            select
                {{ carried }},
                {{ weight }},
                {{ whole }}
{%- for amount in amounts %},
                {{ amount }},
                {{ int_div(wide_int('abs(' ~ amount ~ ')') ~ ' * ' ~ weight, whole) }}
                    as {{ amount }}_floor
{%- endfor %}
            from {{ relation }}
        ) as floored
    ) as remaindered
) as ranked
{% endmacro %}

{#- What was returned of an original line up to a return line, itself included: the running sum of
    `x`; a return without original stands alone. Over columns of fct_return_line. -#}
{% macro returned_so_far(x) -%}
    cast(sum({{ x }}) over (
        partition by coalesce(order_line_key, return_line_key)
        order by business_date nulls last, return_id nulls last, line_id nulls last
        rows between unbounded preceding and current row
    ) as bigint)
{%- endmacro %}
