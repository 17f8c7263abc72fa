{#- Grain: part x hold (holdback, due) x day on which the held amount changes:
    amount_units negative where more is held, positive where it is let go. Rule: docs
    block incentive_ledger, section 5. -#}

with terms as (
    select distinct
        term_key,
        base,
        due_on,
        holdback_share,
        holdback_days,
        reserve_share
    from {{ ref('int_commission_terms') }}
),

parts as (
    select
        parts.part_key,
        parts.source_system,
        parts.order_id,
        parts.line_id,
        parts.factor,
        parts.business_date as earn_date,
        terms.holdback_share,
        terms.reserve_share,
        case when terms.base = 'cash' then 'booking' else terms.due_on end as due_on,
        {{ add_days('parts.business_date', 'coalesce(terms.holdback_days, 0)') }}
            as free_date
    from {{ ref('int_commission_parts') }} as parts
    inner join terms on parts.term_key = terms.term_key
    where
        terms.holdback_share > 0
        or (terms.due_on in ('invoice', 'payment') and terms.base <> 'cash')
),

ranked as (
    select
        moves.part_key,
        moves.business_date,
        moves.position_units,
        row_number() over (
            partition by moves.part_key, moves.business_date
            order by moves.event_no desc nulls last, moves.move_rank desc nulls last
        ) as latest_rank
    from {{ ref('int_commission_moves') }} as moves
    inner join parts on moves.part_key = parts.part_key
),

positions as (
    select
        part_key,
        business_date,
        coalesce(lead(business_date) over (
            partition by part_key order by business_date nulls last
        ), {{ last_day_of_time() }}) as until_date,
        position_units
    from ranked
    where latest_rank = 1
),

released as (
    select
        due_on,
        source_system,
        order_id,
        line_id,
        business_date,
        coalesce(lead(business_date) over (
            partition by due_on, source_system, order_id, line_id
            order by business_date nulls last
        ), {{ last_day_of_time() }}) as until_date,
        worth_units,
        released_units
    from {{ ref('int_commission_released') }}
),

days as (
    select
        part_key,
        business_date
    from positions
    union
    select
        part_key,
        free_date as business_date
    from parts
    where free_date <= {{ as_of() }}
    union
    select
        parts.part_key,
        released.business_date
    from parts
    inner join released
        on
            parts.due_on = released.due_on
            and parts.source_system = released.source_system
            and parts.order_id = released.order_id
            and parts.line_id = released.line_id
            and parts.earn_date <= released.business_date
),

placed as (
    select
        days.part_key,
        days.business_date,
        parts.due_on,
        parts.source_system,
        parts.order_id,
        parts.line_id,
        parts.free_date,
        parts.factor,
        parts.reserve_share,
        positions.position_units,
        {{ pay_units(
            'positions.position_units', 'parts.holdback_share', 'parts.factor'
        ) }} as holdback_units
    from days
    inner join parts on days.part_key = parts.part_key
    inner join positions
        on
            days.part_key = positions.part_key
            and days.business_date >= positions.business_date
            and days.business_date < positions.until_date
),

held as (
    select
        placed.part_key,
        placed.business_date,
        'holdback' as hold_type,
        case
            when placed.business_date < placed.free_date then placed.holdback_units
            else 0
        end as held_units
    from placed
    union all
    select
        placed.part_key,
        placed.business_date,
        'due' as hold_type,
        coalesce({{ rounded_div(
            wide_int('(placed.position_units - placed.holdback_units)')
            ~ ' * ' ~ units('placed.reserve_share')
            ~ ' * (released.worth_units - released.released_units)',
            '(' ~ wide_int('released.worth_units') ~ ' * 10000 * placed.factor)'
        ) }} * placed.factor, 0) as held_units
    from placed
    inner join released
        on
            placed.due_on = released.due_on
            and placed.source_system = released.source_system
            and placed.order_id = released.order_id
            and placed.line_id = released.line_id
            and placed.business_date >= released.business_date
            and placed.business_date < released.until_date
),

changed as (
    select
        *,
        coalesce(lag(held_units) over (
            partition by part_key, hold_type order by business_date nulls last
        ), 0) - held_units as amount_units
    from held
)

select
    part_key,
    hold_type,
    business_date,
    cast(amount_units as bigint) as amount_units
from changed
where amount_units <> 0
