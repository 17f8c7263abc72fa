{{ config(meta={'rule': 'M21'}) }}
{#- The causes of a restatement add up to new - old; a sum of rows, and logo retention,
    which needs no rate, have no restatement without causes. -#}

select
    {{ natural_key([
        'kpi_code', 'kpi_variant', 'entity_type', 'entity_code', 'period_code',
        'reporting_currency', 'restated_as_of_date', 'revision_no'
    ]) }} as failing_key,
    new_value - old_value as difference,
    delta_value
from {{ ref('mart_restatement') }}
where
    delta_value is distinct from new_value - old_value
    or (
        decomposition_status = 'decomposed'
        and late_row_amount + return_amount + fx_amount + owner_change_amount
        + merge_amount + rule_change_amount is distinct from delta_value
    )
    or (
        decomposition_status <> 'decomposed'
        and kpi_code in ('K01', 'K02', 'K22')
        and delta_value is not null
    )
