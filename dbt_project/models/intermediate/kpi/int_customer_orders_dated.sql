{#- Grain: counted order x event: placed on its business date, or cancelled after its
    close. Gaps are days since the customer's order before; a comeback is an order after
    more than twelve silent months. -#}
with orders as (
    select
        order_key,
        case
            when master_customer_code = {{ none_code() }} then {{ unknown_code() }}
            else coalesce(master_customer_code, {{ unknown_code() }})
        end as master_customer_code,
        business_date,
        cancelled_date,
        is_cancelled_after_close,
        is_fully_returned
    from {{ ref('fct_order') }}
    where is_counted
),

placed as (
    select
        order_key,
        master_customer_code,
        business_date,
        is_fully_returned,
        lag(business_date) over (
            partition by master_customer_code
            order by business_date nulls last, order_key nulls last
        ) as previous_date
    from orders
)

select
    order_key,
    master_customer_code,
    business_date as event_date,
    {{ fiscal_month('business_date') }} as fiscal_month,
    1 as order_count,
    1 as placed_count,
    case when is_fully_returned then 0 else 1 end as kept_count,
    case when business_date > {{ add_months('previous_date', 12) }} then 1 else 0 end
        as comeback_count,
    {{ days_between('previous_date', 'business_date') }} as gap_days
from placed
union all
select
    order_key,
    master_customer_code,
    cancelled_date as event_date,
    {{ fiscal_month('cancelled_date') }} as fiscal_month,
    -1 as order_count,
    0 as placed_count,
    0 as kept_count,
    0 as comeback_count,
    cast(null as bigint) as gap_days
from orders
where is_cancelled_after_close
