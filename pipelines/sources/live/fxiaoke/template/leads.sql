-- 线索.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from leads
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join leads_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as lead_id,
    "create_time" as created_at,
    "source" as source,
    json_extract_string("owner", '$[0]') as owner_rep_code,
    "marketing_event_id" as campaign_id,
    "biz_status" as status,
    "transform_time" as converted_at,
    "account_id" as account_id,
    "new_opportunity_id" as opportunity_id
from leads
where
    "_id" not in (select record_id from gone)
