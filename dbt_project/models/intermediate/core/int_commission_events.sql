{#- Grain: payee x order line x business date (credits of order lines), and payee x
    return line x business date: what one payee was credited as rep_primary, signed, in
    units of 0.0001. credit: at plan rate, what attainment counts. A net of 0 is no event.
    Rule: docs block incentive_ledger, section 1. -#}

with credits as (
    select
        source_system,
        fact_type,
        fact_key,
        order_id,
        line_id,
        row_id,
        entry_no,
        payee_code,
        payee_key,
        team_code,
        business_date,
        credit_date,
        share,
        currency,
        net_amount,
        net_amount_reporting,
        cost_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where
        is_revenue_line
        and credit_type = 'rep_primary'
        and payee_code not in ({{ none_code() }}, {{ unknown_code() }})
),

lines as (
    select
        order_line_key as fact_key,
        order_id,
        line_id,
        cast('' as string) as return_id,
        cast('' as string) as return_line_id,
        true as is_original_known,
        product_family_code,
        channel_code,
        quantity
    from {{ ref('fct_order_line') }}
    union all
    select
        return_line_key as fact_key,
        order_id,
        order_line_id as line_id,
        return_id,
        line_id as return_line_id,
        is_original_known,
        product_family_code,
        channel_code,
        -quantity as quantity
    from {{ ref('fct_return_line') }}
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_fx_rates_planned') }}
),

measured as (
    select
        credits.source_system,
        credits.fact_type,
        case when credits.fact_type = 'return_line' then credits.fact_key else '' end
            as return_key,
        credits.fact_key,
        credits.row_id,
        credits.entry_no,
        lines.order_id,
        lines.line_id,
        lines.return_id,
        lines.return_line_id,
        lines.is_original_known,
        lines.product_family_code,
        lines.channel_code,
        credits.payee_code,
        credits.payee_key,
        credits.team_code,
        credits.business_date,
        credits.credit_date,
        credits.currency,
        {{ units('credits.net_amount') }} as net_units,
        {{ units('credits.net_amount_reporting') }} as net_reporting_units,
        {{ units('credits.cost_amount_reporting') }} as cost_reporting_units,
        {{ units(times('lines.quantity', 'credits.share')) }} as quantity_units,
        {{ units(
            "case when plan_rates.rate is null or credits.currency = '"
            ~ var('reporting_currency') ~ "' then credits.net_amount_reporting else "
            ~ times('credits.net_amount', 'plan_rates.rate') ~ ' end'
        ) }} as credit_units
    from credits
    inner join lines on credits.fact_key = lines.fact_key
    left join plan_rates
        on
            credits.currency = plan_rates.from_currency
            and {{ fiscal_year('credits.business_date') }} = plan_rates.fiscal_year
)

select
    {{ surrogate_key([
        'payee_code', 'source_system', 'order_id', 'line_id', 'fact_type',
        'return_key', 'business_date'
    ]) }} as event_key,
    payee_code,
    max(payee_key) as payee_key,
    min(team_code) as team_code,
    source_system,
    order_id,
    line_id,
    fact_type,
    min(fact_key) as fact_key,
    min(row_id) as row_id,
    min(entry_no) as entry_no,
    return_id,
    return_line_id,
    is_original_known,
    product_family_code,
    channel_code,
    business_date,
    credit_date,
    currency,
    0 as event_class,
    cast(sum(net_units) as bigint) as net_units,
    cast(sum(net_reporting_units) as bigint) as net_reporting_units,
    cast(case
        when count(*) = count(cost_reporting_units)
            then
                sum(net_reporting_units) - sum(cost_reporting_units)
    end as bigint) as margin_units,
    cast(sum(quantity_units) as bigint) as quantity_units,
    cast(sum(credit_units) as bigint) as credit_units
from measured
group by
    payee_code,
    source_system,
    order_id,
    line_id,
    fact_type,
    return_key,
    return_id,
    return_line_id,
    is_original_known,
    product_family_code,
    channel_code,
    business_date,
    credit_date,
    currency
having sum(net_units) <> 0
