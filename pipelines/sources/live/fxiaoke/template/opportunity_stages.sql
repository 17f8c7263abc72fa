-- Inferred: a stage that came and went between two walks was never seen, and what was before is not told.
select
    _row_id,
    "_id" as opportunity_id,
    "stg_changed_time" as changed_at,
    'stage' as field,
    "sales_stage__r" as stage
from opportunities
where "stg_changed_time" is not null
