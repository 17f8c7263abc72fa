{{ config(materialized='view') }}
{#- One share of rows of a source's feed that it declares to break a rule. -#}

select
    source_system,
    feed,
    rule_id,
    expected_share,
    reason
from {{ ref('stg_ops__source_feed') }}
where rule_id <> ''
