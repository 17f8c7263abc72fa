{#- The fiscal calendar. A fiscal year is named by the calendar year in which it starts. -#}

{% macro month_start(d) -%} cast(date_trunc('month', {{ d }}) as date) {%- endmacro %}

{% macro month_end(d) -%} {{ add_days(add_months(month_start(d), 1), -1) }} {%- endmacro %}

{#- The day on which the fiscal month of `d` closes: what is cancelled later is a reversal. -#}
{% macro close_date(d) -%}
    {{ add_days(month_end(d), var('period_close_days')) }}
{%- endmacro %}

{#- `d` moved back so that its calendar year and month are the fiscal year and month number. -#}
{% macro fiscal_shift(d) -%}
    {{ add_months(month_start(d), 1 - (var('fiscal_year_start_month') | int)) }}
{%- endmacro %}

{% macro fiscal_year(d) -%}
    cast(extract(year from {{ fiscal_shift(d) }}) as bigint)
{%- endmacro %}

{% macro fiscal_month_no(d) -%}
    cast(extract(month from {{ fiscal_shift(d) }}) as bigint)
{%- endmacro %}

{#- `YYYY-MM`: fiscal year and month number. -#}
{% macro fiscal_month(d) -%}
    substr(cast({{ fiscal_shift(d) }} as string), 1, 7)
{%- endmacro %}

{#- `YYYY-Qn`. -#}
{% macro fiscal_quarter(d) -%}
    (cast({{ fiscal_year(d) }} as string) || '-Q'
        || cast({{ int_div(fiscal_month_no(d) ~ ' + 2', 3) }} as string))
{%- endmacro %}

{% macro date_key(d) -%}
    (cast(extract(year from {{ d }}) as bigint) * 10000
        + cast(extract(month from {{ d }}) as bigint) * 100
        + cast(extract(day from {{ d }}) as bigint))
{%- endmacro %}

{#- Number of the fiscal quarter, without gap: year x 4 + quarter - 1. -#}
{% macro fiscal_quarter_no(d) -%}
    ({{ fiscal_year(d) }} * 4 + {{ int_div(fiscal_month_no(d) ~ ' - 1', 3) }})
{%- endmacro %}
