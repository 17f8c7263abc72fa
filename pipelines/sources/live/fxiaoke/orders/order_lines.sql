-- 订单产品: of each the newest state, for a line is edited with its order.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from order_lines
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join order_lines_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "order_id" as order_id,
    "_id" as line_id,
    "product_id" as product_id,
    "quantity" as quantity,
    "sales_price" as unit_price,
    "subtotal" as net_amount,
    null as currency
from order_lines
where
    "_id" not in (select record_id from gone)
qualify
    row_number() over (partition by "_id" order by try_cast("last_modified_time" as bigint) desc, _row_id desc) = 1
