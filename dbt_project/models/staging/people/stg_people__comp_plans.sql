{#- One version of one component of one compensation plan, as landed: one row per
    landed row. -#}

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
    base_pay,
    valid_from,
    valid_to,
    source_system,
    row_id,
    extract_id,
    received_at,
    row_hash
from {{ source('landing', 'people__comp_plans') }}
