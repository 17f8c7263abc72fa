{#- Grain: rep x fiscal quarter with anything that a signal of K93 is made from; what a
    rep has none of is 0. is_payee: the ledger knows the rep in some quarter. -#}
{%- set parts = {
    'pressed': [
        'order_count', 'late_order_count', 'net_revenue', 'late_net_revenue',
        'late_return_amount', 'late_gross_revenue', 'late_discount_amount',
        'early_gross_revenue', 'early_discount_amount',
    ],
    'slipped': [
        'open_deal_count', 'unknown_deal_count', 'pushed_deal_count', 'pushed_deal_amount',
    ],
    'resplit': ['split_change_count', 'gained_amount', 'lost_amount'],
    'adjusted': [
        'adjustment_count', 'adjustment_amount', 'manual_adjustment_count',
        'manual_adjustment_amount', 'accrued_amount', 'clawed_back_amount',
    ],
    'claimed': ['reported_count', 'unanswered_count'],
} %}
with keys as (
    {%- for part in parts %}
        select
            rep_code,
            fiscal_quarter
        from {{ ref('int_rep_quarters_' ~ part) }}
        {{ 'union' if not loop.last }}
    {%- endfor %}
),

payees as (
    select distinct rep_code from {{ ref('int_rep_quarters_adjusted') }}
)

select
    keys.rep_code,
    keys.fiscal_quarter,
    {%- for part, columns in parts.items() %}
        {%- for column in columns %}
            coalesce({{ part }}.{{ column }}, 0) as {{ column }},
        {%- endfor %}
    {%- endfor %}
    payees.rep_code is not null as is_payee
from keys
left join {{ ref('int_rep_quarters_pressed') }} as pressed
    on
        keys.rep_code = pressed.rep_code
        and keys.fiscal_quarter = pressed.fiscal_quarter
left join {{ ref('int_rep_quarters_slipped') }} as slipped
    on
        keys.rep_code = slipped.rep_code
        and keys.fiscal_quarter = slipped.fiscal_quarter
left join {{ ref('int_rep_quarters_resplit') }} as resplit
    on
        keys.rep_code = resplit.rep_code
        and keys.fiscal_quarter = resplit.fiscal_quarter
left join {{ ref('int_rep_quarters_adjusted') }} as adjusted
    on
        keys.rep_code = adjusted.rep_code
        and keys.fiscal_quarter = adjusted.fiscal_quarter
left join {{ ref('int_rep_quarters_claimed') }} as claimed
    on
        keys.rep_code = claimed.rep_code
        and keys.fiscal_quarter = claimed.fiscal_quarter
left join payees on keys.rep_code = payees.rep_code
