{#- Grain: row of the variable pay ledger; every row explains itself: base, rate, tier,
    attainment before and after, plan version and order line.
    Not additive: rate, attainments, tier; balance_amount is a running balance of the
    payee per currency, in order of posting date and key (take the last, never a sum);
    amounts in `currency` only within one currency. Rule: docs block incentive_ledger;
    K67, K68 of quality/metrics.yml. Source: fct_commission_accrual. -#}
with ledger as (
    select * from {{ ref('fct_commission_accrual') }}
),

lines as (
    select
        source_system,
        order_id,
        line_id,
        min(product_family_code) as product_family_code
    from {{ ref('fct_order_line') }}
    group by source_system, order_id, line_id
),

disputed as (
    select
        payee_code,
        component_code,
        order_id,
        line_id,
        state,
        row_number() over (
            partition by payee_code, component_code, order_id, line_id
            order by opened_date desc nulls last, dispute_key asc nulls last
        ) as newest_rank
    from {{ ref('fct_commission_dispute') }}
    where order_id is not null
),

disputes as (
    select
        payee_code,
        order_id,
        line_id,
        component_code,
        state
    from disputed
    where newest_rank = 1
),

balanced as (
    select
        *,
        sum(amount) over (
            partition by payee_code, currency
            order by posting_date nulls last, accrual_key nulls last
            rows between unbounded preceding and current row
        ) as balance
    from ledger
)

select
    {{ as_of() }} as as_of_date,
    balanced.payee_code,
    balanced.plan_code,
    balanced.component_code,
    balanced.posting_month,
    balanced.accrual_key,
    balanced.reporting_currency,
    balanced.earn_date,
    balanced.posting_date,
    balanced.accrual_type,
    balanced.order_id,
    balanced.line_id,
    lines.product_family_code,
    balanced.plan_valid_from,
    balanced.mode,
    balanced.base_amount,
    balanced.rate,
    balanced.tier_from_attainment,
    balanced.attainment_before,
    balanced.attainment_after,
    balanced.currency,
    balanced.amount,
    {{ as_money("case when accrual_type = 'accrual' then amount else 0 end") }}
        as accrued_amount,
    {{ as_money(
        "case when accrual_type in ('reserve', 'release') then amount else 0 end"
    ) }} as reserved_amount,
    {{ as_money("case when accrual_type = 'clawback' then amount else 0 end") }}
        as clawback_amount,
    {{ as_money("case when accrual_type = 'adjustment' then amount else 0 end") }}
        as adjustment_amount,
    {{ as_money(
        "case when accrual_type in ('draw', 'forgiveness') then amount else 0 end"
    ) }} as draw_amount,
    {{ as_money("case when accrual_type = 'payout' then amount else 0 end") }}
        as paid_amount,
    {{ as_money('balanced.balance') }} as balance_amount,
    balanced.amount_reporting,
    case
        when balanced.accrual_type = 'clawback' then balanced.origin_accrual_key
    end as clawback_of,
    balanced.cause_code,
    coalesce(by_line.state, by_component.state) as dispute_state,
    balanced.row_id
from balanced
left join lines
    on
        balanced.source_system = lines.source_system
        and balanced.order_id = lines.order_id
        and balanced.line_id = lines.line_id
left join disputes as by_line
    on
        balanced.payee_code = by_line.payee_code
        and balanced.order_id = by_line.order_id
        and balanced.line_id = by_line.line_id
        and balanced.component_code = by_line.component_code
left join disputes as by_component
    on
        balanced.payee_code = by_component.payee_code
        and balanced.order_id = by_component.order_id
        and coalesce(by_component.component_code, balanced.component_code)
        = balanced.component_code
        and by_component.line_id is null
