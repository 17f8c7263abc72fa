{{ config(materialized='view') }}
{#- Grain: currency x fiscal year: plan rate into the reporting currency (macro
    plan_rates). -#}

with planned as (
    {{ plan_rates(ref('fct_fx_rate')) | indent(4) }}
)

select
    from_currency,
    fiscal_year,
    rate,
    is_spot_fallback
from planned
