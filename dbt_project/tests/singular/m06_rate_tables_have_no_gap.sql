{{ config(meta={'rule': 'M06', 'table': 'bridge_comp_plan_tier'}) }}
{#- Each component version has tiers from 0 that touch, of which only the last is
    open; a flat one has one tier; cash cannot be paid by whole tiers. -#}
with tiers as (
    select
        plan_code,
        component_code,
        valid_from,
        tier_no,
        from_attainment,
        to_attainment,
        lead(from_attainment) over (
            partition by plan_code, component_code, valid_from
            order by from_attainment nulls last
        ) as following_attainment
    from {{ ref('bridge_comp_plan_tier') }}
)

select
    versions.plan_code || '|' || versions.component_code || '|'
    || cast(versions.valid_from as string) as failing_key,
    tiers.tier_no,
    tiers.from_attainment,
    tiers.to_attainment
from {{ ref('dim_comp_plan') }} as versions
left join tiers
    on
        versions.plan_code = tiers.plan_code
        and versions.component_code = tiers.component_code
        and versions.valid_from = tiers.valid_from
where
    tiers.tier_no is null
    or (tiers.tier_no = 1 and tiers.from_attainment <> 0)
    or tiers.to_attainment is distinct from tiers.following_attainment
    or (versions.mode = 'flat' and tiers.tier_no > 1)
    or (versions.mode = 'whole' and versions.base = 'cash')
