-- 商机2.0.
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
    "account_id" as account_id,
    json_extract_string("owner", '$[0]') as owner_rep_code,
    "partner_id" as partner_code,
    "sales_process_id" as pipeline,
    "sales_stage__r" as stage,
    "sales_status__r" as status,
    "amount" as amount,
    strftime(epoch_ms(try_cast("close_date" as bigint) + 28800000), '%Y-%m-%d') as expected_close_date,
    "create_time" as created_at,
    case when "sales_status__r" in ('赢单', '输单', '无效') then "stg_changed_time" end as closed_at,
    cast(try_cast("probability" as decimal(18, 4)) * 0.01 as varchar) as probability
from opportunities
where
    "_id" not in (select record_id from gone)
