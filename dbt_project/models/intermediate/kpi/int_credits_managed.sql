{#- Grain: primary credit of a product or service line x manager over whom it was
    earned: everybody above the payee on the credit date, and the payee who had somebody
    below on that day. -#}
with credits as (
    select
        credit_key,
        source_system,
        coalesce(order_id, fact_key) as order_id,
        fact_key,
        payee_code,
        credit_date,
        posting_date,
        fiscal_month,
        share,
        net_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where credit_type = 'rep_primary' and is_revenue_line
),

climbed as (
    select
        ancestor_code,
        code,
        valid_from,
        valid_to,
        depth
    from {{ ref('int_managers_climbed') }}
),

managed as (
    select
        credits.credit_key,
        climbed.ancestor_code as manager_code
    from credits
    inner join climbed
        on
            credits.payee_code = climbed.code
            and climbed.depth > 0
            and credits.credit_date >= climbed.valid_from
            and credits.credit_date < climbed.valid_to
    union
    select
        credits.credit_key,
        climbed.ancestor_code as manager_code
    from credits
    inner join climbed
        on
            credits.payee_code = climbed.ancestor_code
            and climbed.depth = 1
            and credits.credit_date >= climbed.valid_from
            and credits.credit_date < climbed.valid_to
)

select
    credits.credit_key,
    managed.manager_code,
    credits.source_system,
    credits.order_id,
    credits.fact_key,
    credits.posting_date,
    credits.fiscal_month,
    credits.share,
    credits.net_amount_reporting
from credits
inner join managed on credits.credit_key = managed.credit_key
