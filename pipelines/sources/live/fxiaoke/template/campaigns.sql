-- 市场活动.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from campaigns
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join campaigns_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as campaign_id,
    "name" as name,
    strftime(epoch_ms(try_cast("begin_time" as bigint) + 28800000), '%Y-%m-%d') as valid_from,
    strftime(epoch_ms(try_cast("end_time" as bigint) + 28800000), '%Y-%m-%d') as valid_to,
    "actual_cost" as cost_amount
from campaigns
where
    "_id" not in (select record_id from gone)
