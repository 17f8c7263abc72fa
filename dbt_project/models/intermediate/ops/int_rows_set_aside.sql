{{ config(materialized='view') }}
{#- One row that is in no fact: set aside by landing or withdrawn by its source, or held
    in the warehouse (kind `held`). -#}

select
    source_system,
    extract_id,
    feed,
    rule_id,
    reason,
    file_name,
    line_no,
    raw_hash,
    row_id,
    amount,
    currency,
    kind,
    natural_key
from {{ ref('stg_ops__quarantine_row') }}
union all
select
    source_system,
    extract_id,
    feed,
    rule_id,
    reason,
    extract_id as file_name,
    {{ line_of('row_id', 'source_system', 'extract_id') }} as line_no,
    cast(null as string) as raw_hash,
    row_id,
    amount,
    currency,
    'held' as kind,
    natural_key
from {{ ref('int_rows_judged') }}
where verdict = 'held'
