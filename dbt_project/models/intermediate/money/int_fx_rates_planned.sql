{#- Plan rate into the reporting currency: one currency and fiscal year (macro
    plan_rates). -#}

with accepted as (
    select
        source_system,
        row_id,
        from_currency,
        to_currency,
        rate_date,
        rate_type,
        rate
    from {{ ref('int_fx_rates_judged') }}
    where verdict = 'accepted'
),

planned as (
    {{ plan_rates('accepted') | indent(4) }}
)

select
    from_currency,
    fiscal_year,
    rate,
    is_spot_fallback
from planned
