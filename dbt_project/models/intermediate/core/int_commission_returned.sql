{#- Grain: part x negative event of its order line: the base of the part that came back
    with it, the payee's oldest positive events first. Rule: docs block
    incentive_ledger, section 4. -#}

with events as (
    select distinct
        event_key,
        event_no
    from {{ ref('int_commission_attained') }}
),

based as (
    select
        based.event_key,
        based.term_key,
        based.payee_code,
        based.source_system,
        based.order_id,
        based.line_id,
        based.base_units,
        events.event_no
    from {{ ref('int_commission_based') }} as based
    inner join events on based.event_key = events.event_key
),

parts as (
    select
        part_key,
        event_key,
        term_key,
        part_base_units,
        base_units
    from {{ ref('int_commission_parts') }}
),

earning as (
    select distinct
        event_key,
        term_key
    from parts
),

cumulated as (
    select
        based.*,
        based.base_units > 0 as is_positive,
        cast(sum(abs(based.base_units)) over (
            partition by
                based.term_key, based.payee_code, based.source_system, based.order_id,
                based.line_id, based.base_units > 0
            order by based.event_no nulls last
            rows between unbounded preceding and current row
        ) as bigint) as so_far_units
    from based
    left join earning
        on based.event_key = earning.event_key and based.term_key = earning.term_key
    where based.base_units < 0 or earning.event_key is not null
),

matched as (
    select
        earned.event_key,
        earned.term_key,
        earned.base_units,
        back.event_key as back_event_key,
        back.event_no as back_event_no,
        least(earned.so_far_units, back.so_far_units)
        - greatest(
            earned.so_far_units - earned.base_units,
            back.so_far_units + back.base_units
        ) as returned_units
    from cumulated as earned
    inner join cumulated as back
        on
            earned.term_key = back.term_key
            and earned.source_system = back.source_system
            and earned.order_id = back.order_id
            and earned.line_id = back.line_id
            and earned.so_far_units > back.so_far_units + back.base_units
            and earned.so_far_units - earned.base_units < back.so_far_units
    where earned.is_positive and not back.is_positive
),

returned as (
    select
        *,
        cast(sum(returned_units) over (
            partition by event_key, term_key order by back_event_no nulls last
            rows between unbounded preceding and current row
        ) as bigint) as returned_so_far_units
    from matched
),

shared as (
    select
        parts.part_key,
        returned.back_event_key,
        returned.back_event_no,
        cast({{ rounded_div(
            wide_int('parts.part_base_units') ~ ' * returned.returned_so_far_units',
            'parts.base_units'
        ) }} as bigint) as part_returned_so_far_units
    from returned
    inner join parts
        on
            returned.event_key = parts.event_key
            and returned.term_key = parts.term_key
)

select
    part_key,
    back_event_key,
    back_event_no,
    part_returned_so_far_units,
    part_returned_so_far_units - coalesce(lag(part_returned_so_far_units) over (
        partition by part_key order by back_event_no nulls last
    ), 0) as part_returned_units
from shared
