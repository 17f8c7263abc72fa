-- 销售订单.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from orders
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join orders_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as order_id,
    strftime(epoch_ms(try_cast("order_time" as bigint) + 28800000), '%Y-%m-%d') as order_date,
    "order_status__r" as status,
    "account_id" as customer_id,
    json_extract_string("owner", '$[0]') as owner_rep_code,
    "partner_id" as partner_code,
    "new_opportunity_id" as opportunity_id,
    null as currency,
    "order_amount" as net_amount
from orders
where
    "_id" not in (select record_id from gone)
