{#- Causes of restatements as carried on: its rows
    unchanged, none where there is no such release. -#}

select
    restatement_row_key,
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    as_of_date,
    reporting_currency,
    revision_no,
    cause_code,
    fact_type,
    fact_key,
    row_id,
    amount
from {{ source('parent', 'fct_restatement_row') }}
