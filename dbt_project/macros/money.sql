{#- Money is exact: decimal(18,4), or whole units of 0.0001. Nothing here is a float. -#}

{#- An amount of scale 4 or less as whole units of 0.0001. -#}
{% macro units(x) -%} cast(({{ x }}) * 10000 as bigint) {%- endmacro %}

{#- Whole units of 0.0001 as an amount. -#}
{% macro money(u) -%}
    cast(cast({{ u }} as decimal(18, 0)) * 0.0001 as decimal(18, 4))
{%- endmacro %}

{#- A product or sum rounded to an amount, half away from zero. -#}
{% macro as_money(x) -%} cast({{ x }} as decimal(18, 4)) {%- endmacro %}

{#- num / den rounded to a whole number, half away from zero; NULL where den is 0. Integers only. -#}
{% macro rounded_div(num, den) -%}
    case when {{ den }} <> 0 then sign({{ num }}) * sign({{ den }})
        * cast({{ int_div(
            '2 * ' ~ wide_int('abs(' ~ num ~ ')') ~ ' + ' ~ wide_int('abs(' ~ den ~ ')'),
            '2 * ' ~ wide_int('abs(' ~ den ~ ')')
        ) }} as bigint) end
{%- endmacro %}

{#- num / den as decimal(18,8), half away from zero; NULL where den is 0 or either is NULL.
    Both are amounts, counts or other decimals of scale 4 or less. -#}
{% macro safe_ratio(num, den) -%}
    cast(case when {{ den }} <> 0 then sign({{ num }}) * sign({{ den }})
        * cast({{ int_div(
            '2 * ' ~ wide_int('abs(' ~ num ~ ') * 10000') ~ ' * 100000000 + '
            ~ wide_int('abs(' ~ den ~ ') * 10000'),
            '2 * ' ~ wide_int('abs(' ~ den ~ ') * 10000')
        ) }} as bigint)
        * cast(0.00000001 as decimal(9, 8)) end as decimal(18, 8))
{%- endmacro %}

{#- Cost of `quantity` units in the line's own currency, from columns unit_cost, cost_currency,
    currency, cost_fx_rate and fx_rate; a cost in another currency goes by way of the reporting one. -#}
{% macro cost_in_line_currency(quantity) -%}
    case
        when cost_currency = currency then {{ as_money(quantity ~ ' * unit_cost') }}
        else {{ money(rounded_div(
            wide_int(units(as_money(as_money(quantity ~ ' * unit_cost') ~ ' * cost_fx_rate')))
            ~ ' * 100000000',
            'cast(fx_rate * 100000000 as bigint)'
        )) }}
    end
{%- endmacro %}
