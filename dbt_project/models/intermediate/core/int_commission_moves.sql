{#- Grain: part x move of its position: accrual (move_rank 0), a higher whole tier
    reached (1), a return (2). Position = accrued at the level in force, less what is
    clawed back. Rule: docs block incentive_ledger, sections 3 and 4. -#}

with parts as (
    select
        part_key,
        event_key,
        term_key,
        period_code,
        event_no,
        level_no,
        mode,
        business_date
    from {{ ref('int_commission_parts') }}
),

terms as (
    select distinct
        term_key,
        rep_code,
        period_type
    from {{ ref('int_commission_terms') }}
    where mode = 'whole'
),

attained as (
    select * from {{ ref('int_commission_attained') }}
),

bounds as (
    select * from {{ ref('int_commission_bounds') }}
),

raised as (
    select
        terms.term_key,
        attained.event_key,
        attained.event_no,
        attained.period_code,
        attained.business_date,
        bounds.level_no
    from terms
    inner join attained
        on
            terms.rep_code = attained.payee_code
            and terms.period_type = attained.period_type
    inner join bounds
        on
            terms.term_key = bounds.term_key
            and attained.period_code = bounds.period_code
            and attained.highest_after_units >= bounds.from_units
            and attained.highest_after_units < bounds.to_units
    where
        attained.highest_after_units > attained.highest_before_units
        and bounds.level_no > 0
),

dated as (
    select distinct
        event_key,
        event_no,
        business_date
    from attained
),

moved as (
    select
        part_key,
        event_key as cause_event_key,
        event_no,
        0 as move_rank,
        business_date,
        level_no,
        cast(0 as bigint) as returned_units
    from parts
    union all
    select
        parts.part_key,
        raised.event_key as cause_event_key,
        raised.event_no,
        1 as move_rank,
        raised.business_date,
        raised.level_no,
        cast(0 as bigint) as returned_units
    from parts
    inner join raised
        on
            parts.term_key = raised.term_key
            and parts.period_code = raised.period_code
            and parts.event_no <= raised.event_no
            and parts.level_no < raised.level_no
    union all
    select
        returned.part_key,
        returned.back_event_key as cause_event_key,
        returned.back_event_no as event_no,
        2 as move_rank,
        dated.business_date,
        cast(null as bigint) as level_no,
        returned.part_returned_units as returned_units
    from {{ ref('int_commission_returned') }} as returned
    inner join dated on returned.back_event_key = dated.event_key
),

running as (
    select
        *,
        max(level_no) over (
            partition by part_key order by event_no nulls last, move_rank nulls last
            rows between unbounded preceding and current row
        ) as level_in_force,
        cast(sum(returned_units) over (
            partition by part_key order by event_no nulls last, move_rank nulls last
            rows between unbounded preceding and current row
        ) as bigint) as returned_so_far_units
    from moved
),

positioned as (
    select
        running.*,
        priced.rate,
        priced.from_attainment,
        priced.factor,
        priced.part_base_units,
        priced.accrued_units,
        priced.full_units,
        priced.accrued_units - least(
            priced.accrued_units,
            {{ pay_units(
                'running.returned_so_far_units', 'priced.rate', 'priced.factor'
            ) }}
        ) as position_units
    from running
    inner join {{ ref('int_commission_priced') }} as priced
        on
            running.part_key = priced.part_key
            and running.level_in_force = priced.level_no
)

select
    part_key,
    cause_event_key,
    event_no,
    move_rank,
    business_date,
    from_attainment,
    rate,
    factor,
    part_base_units,
    returned_units,
    accrued_units < full_units as is_capped,
    position_units,
    position_units - coalesce(lag(position_units) over (
        partition by part_key order by event_no nulls last, move_rank nulls last
    ), 0) as amount_units
from positioned
