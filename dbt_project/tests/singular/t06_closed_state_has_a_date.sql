{{ config(meta={'rule': 'T06'}) }}
select
    source_system || '|' || opportunity_id as failing_key,
    state,
    closed_date
from {{ ref('fct_opportunity') }}
where
    state <> 'merged'
    and (state in ('won', 'lost', 'abandoned')) <> (closed_date is not null)
