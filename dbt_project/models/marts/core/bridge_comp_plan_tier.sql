{#- Grain: component version x tier of its rates, from the lowest. A base never falls
    beside a tier: they start at 0, touch, and the last is open (M06). Not additive.
    Source: people.comp_rate_tiers. -#}

select
    plan_code,
    component_code,
    valid_from,
    row_number() over (
        partition by plan_code, component_code, valid_from
        order by from_attainment nulls last
    ) as tier_no,
    from_attainment,
    to_attainment,
    rate,
    row_id
from {{ ref('int_comp_rate_tiers_judged') }}
where verdict = 'accepted'
