{#- Grain: fiscal month x segment a month before x segment at its end (the open month:
    as_of). Both by the cut points of the month's own fiscal year, so a move is the
    customer's, never the ruler's; (none) is without an order in 24 months or before.
    customer_count adds up over segments, not over months; net_customer_count repeats
    over from segments: max, never sum.
    Rule: K27 of quality/metrics.yml, owner customer_success. Source: fct_order,
    fct_order_line, fct_return_line. -#}
with scored as (
    select
        master_customer_code,
        month_index,
        fixed_segment_code,
        next_segment_code
    from {{ ref('int_customer_months_scored') }}
),

months as (
    select
        fiscal_month,
        month_index,
        substr(fiscal_month, 6, 2) = '01' as is_first_of_year,
        cast(substr(fiscal_month, 6, 2) as bigint) as month_no,
        month_start_date
    from {{ ref('int_fiscal_months_listed') }}
),

ends as (
    select
        master_customer_code,
        month_index,
        fixed_segment_code as segment_code
    from scored
    where fixed_segment_code <> {{ none_code() }}
),

starts as (
    select
        scored.master_customer_code,
        months.month_index,
        case
            when months.is_first_of_year then scored.next_segment_code
            else scored.fixed_segment_code
        end as segment_code
    from scored
    inner join months on scored.month_index + 1 = months.month_index
),

moves as (
    select
        coalesce(ends.month_index, starts.month_index) as month_index,
        coalesce(starts.segment_code, {{ none_code() }}) as from_segment_code,
        coalesce(ends.segment_code, {{ none_code() }}) as to_segment_code,
        count(*) as customer_count
    from ends
    full outer join starts
        on
            ends.master_customer_code = starts.master_customer_code
            and ends.month_index = starts.month_index
    group by
        coalesce(ends.month_index, starts.month_index),
        coalesce(starts.segment_code, {{ none_code() }}),
        coalesce(ends.segment_code, {{ none_code() }})
),

sides as (
    select
        month_index,
        to_segment_code as segment_code,
        customer_count
    from moves
    where from_segment_code <> to_segment_code
    union all
    select
        month_index,
        from_segment_code as segment_code,
        -customer_count as customer_count
    from moves
    where from_segment_code <> to_segment_code
),

net as (
    select
        month_index,
        segment_code,
        sum(customer_count) as net_customer_count
    from sides
    group by month_index, segment_code
)

select
    {{ as_of() }} as as_of_date,
    months.fiscal_month,
    moves.from_segment_code,
    moves.to_segment_code,
    cast(moves.customer_count as bigint) as customer_count,
    cast(coalesce(net.net_customer_count, 0) as bigint) as net_customer_count,
    {{ add_days(add_months('months.month_start_date', '1 - months.month_no'), -1) }}
        as cut_point_date
from moves
inner join months on moves.month_index = months.month_index
left join net
    on
        moves.month_index = net.month_index
        and moves.to_segment_code = net.segment_code
where
    moves.from_segment_code <> {{ none_code() }}
    or moves.to_segment_code <> {{ none_code() }}
