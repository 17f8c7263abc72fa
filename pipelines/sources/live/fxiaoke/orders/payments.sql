-- 回款明细 with the day of its 回款: of each the newest state, for they come in walks of their own.
with

payment as (
    select
        "_id" as payment_id,
        "payment_time" as paid_at
    from payments
    qualify
        row_number() over (partition by "_id" order by try_cast("last_modified_time" as bigint) desc, _row_id desc)
        = 1
),

line as (
    select
        _row_id,
        "_id" as line_id,
        "payment_id" as payment_id,
        "order_id" as order_id,
        "payment_amount" as amount,
        "life_status" as life_status,
        epoch_ms(try_cast("last_modified_time" as bigint)) as changed_at
    from payment_lines
    qualify
        row_number() over (partition by "_id" order by try_cast("last_modified_time" as bigint) desc, _row_id desc)
        = 1
)

select
    line._row_id,
    line.line_id as payment_id,
    line.order_id,
    payment.paid_at,
    line.amount,
    null as currency
from line
left join payment on line.payment_id = payment.payment_id
left join payment_lines_deleted as missed
    on
        line.line_id = missed."_id"
        and missed.deleted_time >= strftime(line.changed_at, '%Y-%m-%dT%H:%M:%S')
where
    missed."_id" is null
    and coalesce(line.life_status, '') <> 'invalid'
