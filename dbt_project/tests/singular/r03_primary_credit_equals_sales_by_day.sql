{{ config(meta={'rule': 'R03'}) }}
{#- Per day and currency, in both currencies: rep_primary = order lines - return lines;
    an edit on a day without sales moves credit and adds none. -#}

with sold as (
    select
        business_date,
        currency,
        net_amount,
        net_amount_reporting
    from {{ ref('fct_order_line') }}
    union all
    select
        business_date,
        currency,
        -net_amount as net_amount,
        -net_amount_reporting as net_amount_reporting
    from {{ ref('fct_return_line') }}
),

sales as (
    select
        business_date,
        currency,
        sum(net_amount) as net_amount,
        sum(net_amount_reporting) as net_amount_reporting
    from sold
    group by business_date, currency
),

credits as (
    select
        business_date,
        currency,
        sum(net_amount) as net_amount,
        sum(net_amount_reporting) as net_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where credit_type = 'rep_primary'
    group by business_date, currency
)

select
    cast(coalesce(sales.business_date, credits.business_date) as string)
    || '|' || coalesce(sales.currency, credits.currency) as failing_key,
    sales.net_amount_reporting,
    credits.net_amount_reporting as credited_amount_reporting
from sales
full outer join credits
    on
        sales.business_date = credits.business_date
        and sales.currency = credits.currency
where
    coalesce(sales.net_amount, 0) <> coalesce(credits.net_amount, 0)
    or coalesce(sales.net_amount_reporting, 0)
    <> coalesce(credits.net_amount_reporting, 0)
