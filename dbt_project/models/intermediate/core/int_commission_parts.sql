{#- Grain: positive base event x term x tier that its attainment lies in: what accrues
    at one rate. Whole tiers: one part at the tier reached before. Nothing is earned
    after exit and tail. Rule: docs block incentive_ledger, sections 2 and 3. -#}

with based as (
    select * from {{ ref('int_commission_based') }}
    where base_units > 0
),

terms as (
    select distinct
        term_key,
        mode,
        period_type,
        factor,
        cap_amount,
        tail_days
    from {{ ref('int_commission_terms') }}
),

attained as (
    select * from {{ ref('int_commission_attained') }}
),

bounds as (
    select * from {{ ref('int_commission_bounds') }}
),

exits as (
    select
        rep_code,
        match_from,
        valid_to,
        coalesce(
            exit_date,
            max(case when is_current then exit_date end) over (partition by rep_code)
        ) as exit_date
    from {{ ref('dim_sales_rep') }}
),

placed as (
    select
        based.*,
        terms.mode,
        terms.factor,
        terms.cap_amount,
        attained.event_no,
        attained.period_code,
        attained.before_units,
        attained.after_units,
        attained.quota_units,
        case
            when terms.mode = 'whole' then attained.highest_before_units
            else attained.before_units
        end as from_point,
        case
            when terms.mode = 'whole' then attained.highest_before_units
            else attained.after_units
        end as to_point
    from based
    inner join terms on based.term_key = terms.term_key
    inner join attained
        on
            based.event_key = attained.event_key
            and terms.period_type = attained.period_type
    left join exits
        on
            based.payee_code = exits.rep_code
            and {{ version_on('exits', 'based.business_date') }}
    where
        exits.exit_date is null
        or based.business_date <= {{ add_days('exits.exit_date', 'terms.tail_days') }}
),

cut as (
    select
        placed.*,
        bounds.level_no,
        bounds.from_attainment,
        bounds.rate,
        greatest(placed.from_point, bounds.from_units) as part_from_units,
        case
            when placed.to_point > placed.from_point
                then least(placed.to_point, bounds.to_units)
            else placed.from_point
        end as part_to_units
    from placed
    inner join bounds
        on
            placed.term_key = bounds.term_key
            and placed.period_code = bounds.period_code
            and placed.from_point < bounds.to_units
            and greatest(placed.to_point, placed.from_point + 1) > bounds.from_units
),

shared as (
    select
        *,
        case
            when to_point > from_point
                then coalesce({{ rounded_div(
                    wide_int('base_units') ~ ' * (part_to_units - from_point)',
                    '(to_point - from_point)'
                ) }}, 0)
            else base_units
        end as base_so_far_units
    from cut
)

select
    {{ surrogate_key(['event_key', 'term_key', 'level_no']) }} as part_key,
    *,
    base_so_far_units - coalesce(lag(base_so_far_units) over (
        partition by event_key, term_key order by level_no nulls last
    ), 0) as part_base_units,
    case
        when mode = 'whole' then before_units else part_from_units
    end as attained_before_units,
    case
        when mode = 'whole' then after_units else part_to_units
    end as attained_after_units
from shared
