{#- Grain: term x level of rates from the lowest bound. A threshold is a bound of its
    own with rate 0 below it. Level 0 serves where there is no attainment: the first
    tier's rate, asked nothing. Rule: docs block incentive_ledger, section 3. -#}

with terms as (
    select distinct
        term_key,
        plan_code,
        component_code,
        plan_valid_from,
        threshold_attainment,
        first_rate
    from {{ ref('int_commission_terms') }}
),

tiers as (
    select
        plan_code,
        component_code,
        valid_from,
        from_attainment,
        to_attainment,
        rate
    from {{ ref('bridge_comp_plan_tier') }}
),

tiered as (
    select
        terms.term_key,
        terms.threshold_attainment,
        coalesce(tiers.from_attainment, 0) as from_attainment,
        tiers.to_attainment,
        coalesce(tiers.rate, terms.first_rate) as rate
    from terms
    left join tiers
        on
            terms.plan_code = tiers.plan_code
            and terms.component_code = tiers.component_code
            and terms.plan_valid_from = tiers.valid_from
),

bounded as (
    select
        term_key,
        from_attainment,
        case
            when from_attainment < coalesce(threshold_attainment, from_attainment)
                then cast(0 as decimal(18, 8))
            else rate
        end as rate
    from tiered
    union
    select
        term_key,
        threshold_attainment as from_attainment,
        rate
    from tiered
    where
        threshold_attainment > from_attainment
        and threshold_attainment
        < coalesce(to_attainment, cast(9999999999 as decimal(18, 8)))
)

select
    term_key,
    row_number() over (
        partition by term_key order by from_attainment nulls last, rate nulls last
    ) as level_no,
    cast(from_attainment as decimal(18, 8)) as from_attainment,
    lead(from_attainment) over (
        partition by term_key order by from_attainment nulls last, rate nulls last
    ) as to_attainment,
    cast(rate as decimal(18, 8)) as rate
from bounded
where rate is not null
union all
select
    term_key,
    0 as level_no,
    cast(0 as decimal(18, 8)) as from_attainment,
    cast(null as decimal(18, 8)) as to_attainment,
    cast(first_rate as decimal(18, 8)) as rate
from terms
where first_rate is not null
