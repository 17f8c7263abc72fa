{#- Grain: row that is in no fact: quarantined, duplicate or rejected by landing, held
    in the warehouse, or withdrawn by its source (S13). No raw text, and no key of a row
    that landing could not accept: there anything may stand in any cell. Amounts of
    different feeds or currencies never add. -#}

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
    case when kind not in ('quarantined', 'rejected') then natural_key end
        as natural_key
from {{ ref('int_rows_set_aside') }}
