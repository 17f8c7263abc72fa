{#- One order that holds at as_of, with its dates and whom it names. What happened after
    as_of has not happened. reversal_date: where a cancelled order is taken back: on the
    cancellation if that is after the close of the order's fiscal month, else on its own
    business date (E3). -#}

with orders as (
    select
        source_system,
        order_id,
        row_id,
        order_date,
        business_date,
        confirmed_date,
        case when shipped_date <= {{ as_of() }} then shipped_date end as shipped_date,
        case when invoiced_date <= {{ as_of() }} then invoiced_date end
            as invoiced_date,
        case when paid_date <= {{ as_of() }} then paid_date end as paid_date,
        case when cancelled_date <= {{ as_of() }} then cancelled_date end
            as cancelled_date,
        {{ close_date('business_date') }} as close_date,
        status,
        customer_id,
        channel_code,
        owner_rep_code,
        partner_code,
        opportunity_id,
        currency,
        header_discount,
        net_amount,
        entry_method,
        manual_edit_count
    from {{ ref('int_orders_judged') }}
    where verdict = 'accepted'
),

customers as (
    select
        source_system,
        code,
        member_source_system,
        master_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
)

select
    orders.source_system,
    orders.order_id,
    orders.row_id,
    orders.order_date,
    orders.business_date,
    {{ fiscal_month('orders.business_date') }} as fiscal_month,
    orders.confirmed_date,
    orders.shipped_date,
    orders.invoiced_date,
    orders.paid_date,
    orders.cancelled_date,
    orders.cancelled_date > orders.close_date as is_cancelled_after_close,
    case
        when orders.cancelled_date > orders.close_date then orders.cancelled_date
        when orders.cancelled_date is not null then orders.business_date
    end as reversal_date,
    orders.status,
    orders.channel_code,
    customers.member_source_system as customer_source_system,
    coalesce(orders.customer_id, {{ unknown_code() }}) as customer_code,
    customers.master_source_system,
    coalesce(customers.master_code, {{ unknown_code() }}) as master_customer_code,
    orders.owner_rep_code,
    orders.partner_code,
    orders.opportunity_id,
    orders.currency,
    orders.header_discount,
    orders.net_amount,
    orders.entry_method,
    orders.manual_edit_count
from orders
left join customers
    on
        orders.source_system = customers.source_system
        and orders.customer_id = customers.code
