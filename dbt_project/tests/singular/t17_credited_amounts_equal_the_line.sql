{{ config(meta={'rule': 'T17'}) }}
{#- In both currencies, to the last unit, for each credit type whose shares sum to one.
    -#}

with facts as (
    select
        order_line_key as fact_key,
        gross_amount,
        net_amount,
        gross_amount_reporting,
        discount_amount_reporting,
        net_amount_reporting,
        cost_amount_reporting
    from {{ ref('fct_order_line') }}
    union all
    select
        return_line_key as fact_key,
        0 as gross_amount,
        -net_amount as net_amount,
        0 as gross_amount_reporting,
        0 as discount_amount_reporting,
        -net_amount_reporting as net_amount_reporting,
        -cost_amount_reporting as cost_amount_reporting
    from {{ ref('fct_return_line') }}
),

credited as (
    select
        fact_key,
        credit_type,
        sum(share) as share_sum,
        sum(gross_amount) as gross_amount,
        sum(net_amount) as net_amount,
        sum(gross_amount_reporting) as gross_amount_reporting,
        sum(discount_amount_reporting) as discount_amount_reporting,
        sum(net_amount_reporting) as net_amount_reporting,
        sum(cost_amount_reporting) as cost_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where credit_type in ('rep_primary', 'channel_of_record', 'partner_sourced')
    group by fact_key, credit_type
),

whole_types as (
    select 'rep_primary' as credit_type
    union all
    select 'channel_of_record' as credit_type
),

expected as (
    select
        facts.fact_key,
        whole_types.credit_type,
        facts.gross_amount,
        facts.net_amount,
        facts.gross_amount_reporting,
        facts.discount_amount_reporting,
        facts.net_amount_reporting,
        facts.cost_amount_reporting
    from facts
    cross join whole_types
    union all
    select
        facts.fact_key,
        credited.credit_type,
        facts.gross_amount,
        facts.net_amount,
        facts.gross_amount_reporting,
        facts.discount_amount_reporting,
        facts.net_amount_reporting,
        facts.cost_amount_reporting
    from facts
    inner join credited
        on
            facts.fact_key = credited.fact_key
            and credited.credit_type = 'partner_sourced'
            and credited.share_sum = 1
)

select
    expected.fact_key || '|' || expected.credit_type as failing_key,
    expected.net_amount,
    credited.net_amount as credited_net_amount
from expected
left join credited
    on
        expected.fact_key = credited.fact_key
        and expected.credit_type = credited.credit_type
where
    expected.gross_amount is distinct from credited.gross_amount
    or expected.net_amount is distinct from credited.net_amount
    or expected.gross_amount_reporting is distinct from credited.gross_amount_reporting
    or expected.discount_amount_reporting
    is distinct from credited.discount_amount_reporting
    or expected.net_amount_reporting is distinct from credited.net_amount_reporting
    or expected.cost_amount_reporting is distinct from credited.cost_amount_reporting
