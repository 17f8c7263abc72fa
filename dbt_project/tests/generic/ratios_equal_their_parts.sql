{#- Every `x_ratio` and every averaged `x` of a mart stands beside x_numerator and
    x_denominator and is safe_ratio of them on each row (averages at 4 decimals, nps_score
    times 100). The columns are those that the table has. -#}
{% test ratios_equal_their_parts(model, key) %}
    {%- set names = adapter.get_columns_in_relation(model)
        | map(attribute='name') | list
        if execute else [] -%}
    {%- set checks = [] -%}
    {%- for name in names if name.endswith('_ratio') -%}
        {%- set base = name[:-6] -%}
        {%- if base ~ '_numerator' in names and base ~ '_denominator' in names -%}
            {%- do checks.append(
                (name, safe_ratio(base ~ '_numerator', base ~ '_denominator'))
            ) -%}
        {%- else -%}
            {%- do checks.append((name, "'no parts'")) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in names if name ~ '_numerator' in names -%}
        {%- set times = 100 if name == 'nps_score' else 1 -%}
        {%- do checks.append((name, 'cast(' ~ times ~ ' * '
            ~ safe_ratio(name ~ '_numerator', name ~ '_denominator')
            ~ ' as decimal(18, 4))')) -%}
    {%- endfor -%}
    {%- for name, expected in checks %}
    select
        '{{ name }}|' || {{ natural_key(key) }} as failing_key,
        cast({{ name }} as string) as found,
        cast({{ expected }} as string) as expected
    from {{ model }}
    where
        {%- if expected == "'no parts'" %} 1 = 1
        {%- else %} {{ name }} is distinct from {{ expected }}
        {%- endif %}
    {{ 'union all' if not loop.last }}
    {%- else %}
    select
        'no ratio' as failing_key,
        '' as found,
        '' as expected
    where 1 = 0
    {%- endfor %}
{% endtest %}
