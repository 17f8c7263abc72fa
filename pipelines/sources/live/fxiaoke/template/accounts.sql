-- 客户. A version is what one walk brought: it holds from the day on which it came.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from accounts
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join accounts_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as account_id,
    "name" as name,
    "industry_level1" as industry,
    "account_level" as tier,
    json_extract_string("owner", '$[0]') as owner_rep_code,
    "account_source" as acquisition_channel_code,
    "create_time" as created_at
from accounts
where
    "_id" not in (select record_id from gone)
