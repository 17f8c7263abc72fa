{#- KPI snapshots as carried on: its rows
    unchanged, none where there is no such release. -#}

select
    kpi_snapshot_key,
    kpi_code,
    kpi_variant,
    entity_type,
    entity_code,
    period_code,
    as_of_date,
    reporting_currency,
    kpi_value,
    kpi_numerator,
    kpi_denominator,
    kpi_status,
    is_first_close,
    row_hash,
    revision_no
from {{ source('parent', 'fct_kpi_snapshot') }}
