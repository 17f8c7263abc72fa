{#- Grain: component of a plan x version (SCD2). A version ends at the component's next
    one, or after its own last day. Not additive: terms, no measures. Fixed pay
    is not released: it is that of each rep on the plan (P03). Rule: docs block
    incentive_ledger. Source: people.comp_plans. -#}

with accepted as (
    select
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
        valid_from,
        valid_to,
        row_id,
        lead(valid_from) over (
            partition by plan_code, component_code order by valid_from nulls last
        ) as next_from
    from {{ ref('int_comp_plans_judged') }}
    where verdict = 'accepted'
),

dated as (
    select
        *,
        least(
            coalesce({{ add_days('valid_to', 1) }}, {{ last_day_of_time() }}),
            coalesce(next_from, {{ last_day_of_time() }})
        ) as ends_on
    from accepted
)

select
    {{ surrogate_key(['plan_code', 'component_code', 'valid_from']) }} as comp_plan_key,
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
    valid_from,
    ends_on as valid_to,
    {{ as_of() }} >= valid_from and {{ as_of() }} < ends_on as is_current,
    row_id
from dated
