-- 工单.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from cases
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join cases_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as case_id,
    "account_id" as account_id,
    "type" as case_type,
    "priority" as severity,
    json_extract_string("owner", '$[0]') as rep_code,
    "create_time" as opened_at
from cases
where
    "_id" not in (select record_id from gone)
