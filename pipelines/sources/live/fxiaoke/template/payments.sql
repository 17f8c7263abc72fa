-- A payment and its lines come in walks of their own: of each the newest state.
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
        "payment_amount" as amount
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
    line.amount
from line
left join payment on line.payment_id = payment.payment_id
