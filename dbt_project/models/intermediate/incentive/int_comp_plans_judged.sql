{#- One landed version of a plan component and its verdict. The amounts are terms, no
    money of a fact. Held: no plan rate for the plan's currency (S17). A version after
    as_of waits. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        plan_code,
        component_code,
        kind,
        base,
        mode,
        due_on,
        period_type,
        currency,
        product_family_code,
        threshold_attainment,
        cap_amount,
        draw_amount,
        draw_type,
        holdback_share,
        holdback_days,
        reserve_share,
        tail_days,
        base_pay,
        valid_from,
        valid_to,
        valid_from as business_date,
        cast(null as decimal(18, 4)) as amount,
        {{ natural_key(['plan_code', 'component_code', 'valid_from']) }} as natural_key,
        {{ version_status(
            ['plan_code', 'component_code', 'valid_from'], 'effective'
        ) }} as version_status
    from {{ ref('stg_people__comp_plans') }}
),

planned as (
    select '{{ var("reporting_currency") }}' as from_currency
    union
    select from_currency
    from {{ ref('int_fx_rates_planned') }}
),

ruled as (
    select
        landed.*,
        case when planned.from_currency is null then 'S17' end as held_rule,
        case
            when planned.from_currency is null
                then 'no plan or spot rate for ' || landed.currency
        end as held_reason
    from landed
    left join planned on landed.currency = planned.from_currency
)

select
    plan_code,
    component_code,
    kind,
    base,
    mode,
    due_on,
    period_type,
    product_family_code,
    threshold_attainment,
    cap_amount,
    draw_amount,
    draw_type,
    holdback_share,
    holdback_days,
    reserve_share,
    tail_days,
    base_pay,
    valid_from,
    valid_to,
    {{ judged_columns('people__comp_plans') }}
from ruled
