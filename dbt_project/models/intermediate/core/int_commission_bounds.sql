{#- Grain: term x period of a payee x level: the bounds of the level as amounts (whole
    units of 0.0001), the first one open below. Level 0, without bounds, where there is
    no quota. Rule: docs block incentive_ledger, section 3. -#}

with periods as (
    select distinct
        payee_code,
        period_type,
        period_code,
        quota_units
    from {{ ref('int_commission_attained') }}
),

terms as (
    select distinct
        term_key,
        rep_code,
        period_type
    from {{ ref('int_commission_terms') }}
),

tiers as (
    select
        term_key,
        level_no,
        from_attainment,
        to_attainment,
        rate
    from {{ ref('int_commission_tiers') }}
)

select
    terms.term_key,
    periods.period_code,
    tiers.level_no,
    tiers.from_attainment,
    tiers.rate,
    case
        when tiers.level_no > 1
            then
                {{ units(times(
                    money('periods.quota_units'), 'tiers.from_attainment'
                )) }}
        else cast(-4000000000000000000 as bigint)
    end as from_units,
    case
        when tiers.to_attainment is not null
            then {{ units(times(money('periods.quota_units'), 'tiers.to_attainment')) }}
        else cast(4000000000000000000 as bigint)
    end as to_units
from terms
inner join periods
    on
        terms.rep_code = periods.payee_code
        and terms.period_type = periods.period_type
inner join tiers
    on
        terms.term_key = tiers.term_key
        and (tiers.level_no = 0) = (periods.quota_units is null)
