{#- Discounted years of a customer in whole numbers of 10^-18: exact enough for one rounding of any amount. -#}

{#- q = retention / (1 + yearly discount rate), from a ratio of scale 8; NULL where it is not known. -#}
{% macro yearly_factor(ratio) -%}
    {%- set whole = (100 + 100 * (definition('clv_discount_rate') | float)) | round | int -%}
    {{ rounded_div(
        wide_int(rate_units(ratio)) ~ ' * 1000000000000', wide_int(whole)
    ) }}
{%- endmacro %}

{#- q + q^2 + ... + q^years, by Horner's rule. -#}
{% macro annuity(factor, years) -%}
    {%- set ns = namespace(sum='0') -%}
    {%- for year in range(years | int) -%}
        {%- set ns.sum = rounded_div(
            wide_int(factor) ~ ' * (' ~ wide_int('1000000000000000000') ~ ' + ' ~ ns.sum ~ ')',
            wide_int('1000000000000000000')
        ) -%}
    {%- endfor -%}
    {{ ns.sum }}
{%- endmacro %}
