{#- One landed return line, the original line that it names, and its verdict. Held: its
    original line is held; it returns more than was ordered, in another currency or
    before the order, or after its reversal, which took back all that was left (T03);
    the original is unknown and no rate is known for the return
    date (S17). What went over the ordered amount is held from there on: a later piece
    of the same line too. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        return_id,
        line_id,
        order_id,
        order_line_id,
        return_date,
        quantity,
        net_amount,
        currency,
        channel_code,
        owner_rep_code,
        customer_id,
        product_id,
        line_type,
        {{ natural_key(['return_id', 'line_id']) }} as natural_key,
        {{ version_status(['source_system', 'return_id', 'line_id'], 'event') }}
            as version_status
    from {{ ref('stg_orders__return_lines') }}
),

originals as (
    select
        source_system,
        order_id,
        line_id,
        order_date,
        reversal_date,
        quantity,
        net_amount,
        currency,
        fx_rate
    from {{ ref('int_order_lines_costed') }}
),

held_originals as (
    select
        source_system,
        order_id,
        line_id
    from {{ ref('int_order_lines_judged') }}
    where verdict = 'held'
),

rates as (
    select
        from_currency,
        rate_date,
        rate
    from {{ ref('int_fx_rates_daily') }}
),

joined as (
    select
        landed.source_system,
        landed.row_id,
        landed.extract_id,
        landed.return_id,
        landed.line_id,
        landed.order_id,
        landed.order_line_id,
        landed.return_date,
        landed.quantity,
        landed.net_amount,
        landed.currency,
        landed.channel_code,
        landed.owner_rep_code,
        landed.customer_id,
        landed.product_id,
        landed.line_type,
        landed.natural_key,
        landed.version_status,
        originals.line_id is not null as is_original_known,
        held_originals.line_id is not null as is_original_held,
        originals.order_date as original_order_date,
        originals.reversal_date as original_reversal_date,
        originals.quantity as original_quantity,
        originals.net_amount as original_net_amount,
        originals.currency as original_currency,
        case
            when originals.line_id is not null then originals.fx_rate
            when landed.currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else rates.rate
        end as fx_rate
    from landed
    left join originals
        on
            landed.source_system = originals.source_system
            and landed.order_id = originals.order_id
            and landed.order_line_id = originals.line_id
    left join held_originals
        on
            landed.source_system = held_originals.source_system
            and landed.order_id = held_originals.order_id
            and landed.order_line_id = held_originals.line_id
    left join rates
        on
            landed.currency = rates.from_currency
            and landed.return_date = rates.rate_date
),

cumulated as (
    select
        source_system,
        row_id,
        extract_id,
        return_id,
        line_id,
        order_id,
        order_line_id,
        return_date,
        quantity,
        net_amount,
        currency,
        channel_code,
        owner_rep_code,
        customer_id,
        product_id,
        line_type,
        natural_key,
        version_status,
        is_original_known,
        is_original_held,
        original_order_date,
        original_reversal_date,
        original_quantity,
        original_net_amount,
        original_currency,
        fx_rate,
        sum(case when version_status = 'kept' then quantity else 0 end) over (
            partition by source_system, order_id, order_line_id
            order by
                return_date nulls last,
                return_id nulls last,
                line_id nulls last,
                row_id nulls last
            rows between unbounded preceding and current row
        ) as quantity_so_far,
        sum(case when version_status = 'kept' then net_amount else 0 end) over (
            partition by source_system, order_id, order_line_id
            order by
                return_date nulls last,
                return_id nulls last,
                line_id nulls last,
                row_id nulls last
            rows between unbounded preceding and current row
        ) as net_amount_so_far
    from joined
),

checked as (
    select
        source_system,
        row_id,
        extract_id,
        return_id,
        line_id,
        order_id,
        order_line_id,
        return_date,
        quantity,
        net_amount,
        currency,
        channel_code,
        owner_rep_code,
        customer_id,
        product_id,
        line_type,
        natural_key,
        version_status,
        is_original_known,
        is_original_held,
        original_order_date,
        original_reversal_date,
        original_quantity,
        original_net_amount,
        original_currency,
        fx_rate,
        quantity_so_far,
        net_amount_so_far,
        case
            when is_original_held then 'its original line is held'
            when not is_original_known and fx_rate is null
                then 'no rate for ' || currency || ' on ' || cast(return_date as string)
            when not is_original_known then null
            when
                currency <> original_currency
                then 'currency is not that of the original line'
            when return_date < original_order_date then 'returned before it was ordered'
            when return_date > original_reversal_date
                then 'of a cancelled order, of which nothing was left to return'
            when
                quantity_so_far > original_quantity
                then 'more returned than ordered (quantity)'
            when net_amount_so_far > original_net_amount
                then 'more returned than ordered (amount)'
        end as held_reason
    from cumulated
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        return_id,
        line_id,
        order_id,
        order_line_id,
        return_date,
        quantity,
        net_amount,
        currency,
        channel_code,
        owner_rep_code,
        customer_id,
        product_id,
        line_type,
        natural_key,
        version_status,
        is_original_known,
        is_original_held,
        original_order_date,
        original_reversal_date,
        original_quantity,
        original_net_amount,
        original_currency,
        fx_rate,
        quantity_so_far,
        net_amount_so_far,
        held_reason,
        return_date as business_date,
        net_amount as amount,
        case
            when held_reason is null then null
            when is_original_held or not is_original_known then 'S17'
            else 'T03'
        end as held_rule
    from checked
)

select
    return_id,
    line_id,
    order_id,
    order_line_id,
    return_date,
    quantity,
    net_amount,
    channel_code,
    owner_rep_code,
    customer_id,
    product_id,
    line_type,
    is_original_known,
    fx_rate,
    business_date,
    {{ judged_columns('orders__return_lines') }}
from ruled
