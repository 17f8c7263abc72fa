-- One line as it is now: of its states the newest, for lines are edited with their order, whose currency they have.
-- An order that was deleted takes its lines along.
with lines as (
    select
        *,
        json_extract_string("Parent_Id", '$.id') as order_id,
        row_number() over (partition by id order by _file desc) as newness
    from ordered_items
), known as (
    select
        id,
        arg_max("Currency", _file) as currency,
        max(cast("Modified_Time" as timestamptz)) as changed_at
    from sales_orders
    group by id
)
select
    lines._row_id,
    lines.order_id,
    lines.id as line_id,
    json_extract_string(lines."Product_Name", '$.id') as product_id,
    lines."Quantity" as quantity,
    lines."List_Price" as unit_price,
    lines."Discount" as discount_amount,
    lines."Total_After_Discount" as net_amount,
    known.currency
from lines
left join known on known.id = lines.order_id
where lines.newness = 1
    and not exists (
        select 1 from sales_orders_deleted as gone
        where gone.id = lines.order_id and cast(gone.deleted_time as timestamptz) >= known.changed_at
    )
