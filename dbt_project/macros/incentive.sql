{#- Variable pay: amounts of the ledger and the order of its events (docs block incentive_ledger). -#}

{#- Whole units of a base times a rate, rounded half away from zero to the minor unit, as whole units.
    `factor`: units of 0.0001 in one minor unit. -#}
{% macro pay_units(base_units, rate, factor) -%}
    {{ rounded_div(
        wide_int(base_units) ~ ' * ' ~ rate_units(rate), '(100000000 * ' ~ factor ~ ')'
    ) }} * {{ factor }}
{%- endmacro %}

{#- Code of the fiscal month, quarter or year of `d`, as `period_type` says. -#}
{% macro period_code(period_type, d) -%}
    case {{ period_type }}
        when 'month' then {{ fiscal_month(d) }}
        when 'quarter' then {{ fiscal_quarter(d) }}
        else cast({{ fiscal_year(d) }} as string)
    end
{%- endmacro %}
