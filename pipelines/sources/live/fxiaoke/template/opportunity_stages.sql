-- Inferred: each state that a walk met is one change. A stage between two walks was never seen, nor what was before.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from opportunities
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join opportunities_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as opportunity_id,
    "stg_changed_time" as changed_at,
    'stage' as field,
    "sales_stage__r" as new_value
from opportunities
where
    "_id" not in (select record_id from gone)
    and "stg_changed_time" is not null
