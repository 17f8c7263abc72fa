{#- Grain: currency: its plan rate into the reporting currency in the fiscal year of the
    carried release's business date, by the rates that release knew, and in that of
    as_of, by today's. -#}

with told as (
    {{ plan_rates(ref('stg_parent__fct_fx_rate')) | indent(4) }}
),

sides as (
    select
        from_currency,
        rate as rate_then,
        cast(null as decimal(18, 8)) as rate_today
    from told
    where fiscal_year = {{ fiscal_year(parent_as_of()) }}
    union all
    select
        from_currency,
        cast(null as decimal(18, 8)) as rate_then,
        rate as rate_today
    from {{ ref('int_plan_rates_chosen') }}
    where fiscal_year = {{ fiscal_year(as_of()) }}
)

select
    from_currency,
    max(rate_then) as rate_then,
    max(rate_today) as rate_today
from sides
group by from_currency
