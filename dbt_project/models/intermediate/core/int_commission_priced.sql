{#- Grain: part x level at which it may stand: what it accrues there, rounded to the
    minor unit, after the cap of the period. Only whole tiers have more than one level.
    Rule: docs block incentive_ledger, section 3. -#}

with parts as (
    select
        part_key,
        term_key,
        period_code,
        event_no,
        level_no,
        mode,
        factor,
        cap_amount,
        part_base_units
    from {{ ref('int_commission_parts') }}
),

bounds as (
    select
        term_key,
        period_code,
        level_no,
        from_attainment,
        rate
    from {{ ref('int_commission_bounds') }}
),

priced as (
    select
        parts.part_key,
        parts.term_key,
        parts.period_code,
        parts.event_no,
        parts.mode,
        parts.level_no as first_level_no,
        bounds.level_no,
        bounds.from_attainment,
        bounds.rate,
        parts.factor,
        parts.part_base_units,
        {{ units('parts.cap_amount') }} as cap_units,
        {{ pay_units('parts.part_base_units', 'bounds.rate', 'parts.factor') }}
            as full_units
    from parts
    inner join bounds
        on
            parts.term_key = bounds.term_key
            and parts.period_code = bounds.period_code
            and (parts.level_no = bounds.level_no or parts.mode = 'whole')
),

summed as (
    select
        *,
        cast(sum(full_units) over (
            partition by
                term_key,
                period_code,
                case when mode = 'whole' then level_no else -1 end
            order by event_no nulls last, level_no nulls last
            rows between unbounded preceding and current row
        ) as bigint) as so_far_units
    from priced
)

select
    part_key,
    level_no,
    first_level_no,
    from_attainment,
    rate,
    factor,
    part_base_units,
    full_units,
    case
        when cap_units is null then full_units
        else
            least(so_far_units, cap_units)
            - least(so_far_units - full_units, cap_units)
    end as accrued_units
from summed
