{#- Money is exact: decimal(18,4), or whole units of 0.0001. Nothing here is a float. -#}

{#- An amount of scale 4 or less as whole units of 0.0001. -#}
{% macro units(x) -%} cast(cast({{ x }} as decimal(19, 4)) * 10000 as bigint) {%- endmacro %}

{#- Whole units of 0.0001 as an amount. -#}
{% macro money(u) -%}
    cast(cast({{ u }} as decimal(18, 0)) * 0.0001 as decimal(18, 4))
{%- endmacro %}

{#- A sum as an amount. -#}
{% macro as_money(x) -%} cast({{ x }} as decimal(18, 4)) {%- endmacro %}

{#- An amount or quantity times a price, rate or factor, rounded half away from zero. The 19 digits make the
    engine multiply in 128 bits: two decimals of 18 digits overflow. -#}
{% macro times(a, b) -%}
    cast(cast({{ a }} as decimal(19, 4)) * {{ b }} as decimal(18, 4))
{%- endmacro %}

{#- A rate of scale 8 as whole units of 0.00000001. -#}
{% macro rate_units(rate) -%}
    cast(cast({{ rate }} as decimal(19, 8)) * 100000000 as bigint)
{%- endmacro %}

{#- 1, or -1 below zero: the engines' own sign() has other types. -#}
{% macro sign_of(x) -%} (case when {{ x }} < 0 then -1 else 1 end) {%- endmacro %}

{#- num / den rounded to a whole number, half away from zero; NULL where den is 0. Integers only. -#}
{% macro rounded_div(num, den) -%}
    case when {{ den }} <> 0 then {{ sign_of(num) }} * {{ sign_of(den) }}
        * cast({{ int_div(
            '2 * ' ~ wide_int('abs(' ~ num ~ ')') ~ ' + ' ~ wide_int('abs(' ~ den ~ ')'),
            '2 * ' ~ wide_int('abs(' ~ den ~ ')')
        ) }} as bigint) end
{%- endmacro %}

{#- num / den as decimal(18,8), half away from zero; NULL where den is 0 or either is NULL.
    Both are amounts, counts or other decimals of scale 4 or less. -#}
{% macro safe_ratio(num, den) -%}
    cast(case when {{ den }} <> 0 then {{ sign_of(num) }} * {{ sign_of(den) }}
        * cast({{ int_div(
            '2 * ' ~ wide_int('abs(cast(' ~ num ~ ' as decimal(28, 4))) * 10000') ~ ' * 100000000 + '
            ~ wide_int('abs(cast(' ~ den ~ ' as decimal(28, 4))) * 10000'),
            '2 * ' ~ wide_int('abs(cast(' ~ den ~ ' as decimal(28, 4))) * 10000')
        ) }} as bigint)
        * cast(0.00000001 as decimal(9, 8)) end as decimal(18, 8))
{%- endmacro %}

{#- Cost of `quantity` units in the line's own currency, from columns unit_cost, cost_currency,
    currency, cost_fx_rate and fx_rate; a cost in another currency goes by way of the reporting one. -#}
{% macro cost_in_line_currency(quantity) -%}
    case
        when cost_currency = currency then {{ times(quantity, 'unit_cost') }}
        else {{ money(rounded_div(
            wide_int(units(times(times(quantity, 'unit_cost'), 'cost_fx_rate')))
            ~ ' * 100000000',
            rate_units('fx_rate')
        )) }}
    end
{%- endmacro %}
