-- 产品.
with

state as (
    select
        "_id" as record_id,
        max(try_cast("last_modified_time" as bigint)) as changed_at,
        arg_max("life_status", try_cast("last_modified_time" as bigint)) as life_status
    from products
    group by "_id"
),

gone as (
    select state.record_id
    from state
    left join products_deleted as missed on state.record_id = missed."_id"
    where
        state.life_status = 'invalid'
        or missed.deleted_time >= strftime(epoch_ms(state.changed_at), '%Y-%m-%dT%H:%M:%S')
)

select
    _row_id,
    "_id" as product_id,
    "name" as name,
    "category" as category_path,
    "price" as catalogue_price
from products
where
    "_id" not in (select record_id from gone)
