{#- One landed tier of a plan component's rates and its verdict. Held: no accepted
    component version of that start (T14); a gap or overlap is no row's fault and blocks
    (M06). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        plan_code,
        component_code,
        from_attainment,
        to_attainment,
        rate,
        valid_from,
        valid_from as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(
            ['plan_code', 'component_code', 'from_attainment', 'valid_from']
        ) }} as natural_key,
        {{ version_status(
            ['plan_code', 'component_code', 'from_attainment', 'valid_from'],
            'effective'
        ) }} as version_status
    from {{ ref('stg_people__comp_rate_tiers') }}
),

components as (
    select
        plan_code,
        component_code,
        valid_from
    from {{ ref('int_comp_plans_judged') }}
    where verdict = 'accepted'
),

ruled as (
    select
        landed.*,
        case when components.plan_code is null then 'T14' end as held_rule,
        case
            when components.plan_code is null
                then 'no plan component of that start'
        end as held_reason
    from landed
    left join components
        on
            landed.plan_code = components.plan_code
            and landed.component_code = components.component_code
            and landed.valid_from = components.valid_from
)

select
    plan_code,
    component_code,
    from_attainment,
    to_attainment,
    rate,
    valid_from,
    {{ judged_columns('people__comp_rate_tiers') }}
from ruled
