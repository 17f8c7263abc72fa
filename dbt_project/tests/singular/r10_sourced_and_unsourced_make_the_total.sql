{{ config(meta={'rule': 'R10'}) }}
{#- Per fiscal month: what a partner sourced + what no partner sourced = net revenue. A
    partner taken off by an edit is a sum of 0: sourced by none. -#}

with facts as (
    select
        order_line_key as fact_key,
        fiscal_month,
        net_amount_reporting as net_amount
    from {{ ref('fct_order_line') }}
    union all
    select
        return_line_key as fact_key,
        fiscal_month,
        -net_amount_reporting as net_amount
    from {{ ref('fct_return_line') }}
),

sourced as (
    select
        fact_key,
        sum(net_amount_reporting) as net_amount
    from {{ ref('bridge_order_credit') }}
    where credit_type = 'partner_sourced'
    group by fact_key
)

select
    facts.fiscal_month as failing_key,
    sum(facts.net_amount) as net_amount,
    sum(coalesce(nullif(sourced.net_amount, 0), facts.net_amount)) as split_amount
from facts
left join sourced on facts.fact_key = sourced.fact_key
group by facts.fiscal_month
having
    sum(facts.net_amount)
    <> sum(coalesce(nullif(sourced.net_amount, 0), facts.net_amount))
