{#- Grain: row of bridge_order_credit of a product or service line that is no memo, with
    its amounts at the plan rate of the fiscal year of its day (as reported where there
    is none), and its part of the quantity; returns are negative. -#}
with credits as (
    select
        credit_key,
        fact_key,
        credit_type,
        payee_code,
        team_code,
        business_date,
        credit_date,
        share,
        currency,
        reporting_currency,
        gross_amount,
        net_amount,
        gross_amount_reporting,
        net_amount_reporting,
        cost_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where is_revenue_line and not is_memo
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_plan_rates_chosen') }}
),

quantities as (
    select
        order_line_key as fact_key,
        quantity
    from {{ ref('fct_order_line') }}
    union all
    select
        return_line_key as fact_key,
        -quantity as quantity
    from {{ ref('fct_return_line') }}
)

select
    credits.credit_key,
    credits.credit_type,
    credits.payee_code,
    credits.team_code,
    credits.business_date,
    credits.credit_date,
    credits.currency,
    credits.gross_amount,
    credits.net_amount,
    credits.gross_amount_reporting,
    credits.net_amount_reporting,
    credits.net_amount_reporting - credits.cost_amount_reporting
        as margin_amount_reporting,
    case
        when plan_rates.rate is null or credits.currency = credits.reporting_currency
            then credits.gross_amount_reporting
        else {{ times('credits.gross_amount', 'plan_rates.rate') }}
    end as gross_amount_planned,
    case
        when plan_rates.rate is null or credits.currency = credits.reporting_currency
            then credits.net_amount_reporting
        else {{ times('credits.net_amount', 'plan_rates.rate') }}
    end as net_amount_planned,
    {{ times('quantities.quantity', 'credits.share') }} as credited_quantity
from credits
inner join quantities on credits.fact_key = quantities.fact_key
left join plan_rates
    on
        credits.currency = plan_rates.from_currency
        and {{ fiscal_year('credits.business_date') }} = plan_rates.fiscal_year
