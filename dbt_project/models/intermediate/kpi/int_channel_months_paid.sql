{#- Grain: channel x fiscal month of the earn date: variable pay accrued on the
    channel's order lines, net of clawback and adjustment, in the reporting currency.
    -#}
with ledger as (
    select
        source_system,
        order_id,
        line_id,
        earn_month,
        amount_reporting
    from {{ ref('fct_commission_accrual') }}
    where accrual_type in ('accrual', 'adjustment', 'clawback')
),

lines as (
    select
        source_system,
        order_id,
        line_id,
        channel_code
    from {{ ref('fct_order_line') }}
    where entry_no = 1
)

select
    coalesce(lines.channel_code, {{ unknown_code() }}) as channel_code,
    ledger.earn_month as fiscal_month,
    cast(sum(ledger.amount_reporting) as decimal(18, 4)) as commission_amount
from ledger
left join lines
    on
        ledger.source_system = lines.source_system
        and ledger.order_id = lines.order_id
        and ledger.line_id = lines.line_id
group by coalesce(lines.channel_code, {{ unknown_code() }}), ledger.earn_month
