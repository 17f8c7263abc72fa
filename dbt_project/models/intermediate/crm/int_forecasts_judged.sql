{#- One landed forecast and its verdict. Plan rate of the fiscal year of its period
    (E4); none known: held (S17). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        owner_type,
        owner_code,
        period,
        submitted_at,
        category,
        amount,
        currency,
        {{ local_date('submitted_at') }} as business_date,
        try_cast(substr(period, 1, 4) as bigint) as fiscal_year,
        {{ natural_key(
            ['owner_type', 'owner_code', 'period', 'submitted_at', 'category']
        ) }} as natural_key,
        {{ version_status(
            [
                'source_system', 'owner_type', 'owner_code', 'period', 'submitted_at',
                'category'
            ],
            'event'
        ) }} as version_status
    from {{ ref('stg_crm__forecasts') }}
),

ruled as (
    {{ at_plan_rate('landed', 'landed.fiscal_year', 'rated.period') | indent(4) }}
)

select
    owner_type,
    owner_code,
    period,
    submitted_at,
    business_date as submitted_date,
    category,
    fx_rate,
    {{ judged_columns('crm__forecasts') }}
from ruled
