{{ config(meta={'rule': 'T16'}) }}
select
    source_system || '|' || lead_id as failing_key,
    converted_date
from {{ ref('fct_lead') }}
where
    is_converted
    and opportunity_id is null
    and master_customer_code = {{ none_code() }}
