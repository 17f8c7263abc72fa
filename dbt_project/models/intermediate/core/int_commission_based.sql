{#- Grain: event x term: the base on which a term pays, signed, in the plan's currency,
    in units of 0.0001. On cash: the change of what is paid of the line's base, per day,
    after all credits of that day; it moves no attainment. Rule: docs block
    incentive_ledger, section 2. -#}

with events as (
    select * from {{ ref('int_commission_events') }}
    where fact_type = 'order_line' or is_original_known
),

terms as (
    select
        term_key,
        rep_code,
        from_date,
        to_date,
        base,
        currency as plan_currency,
        product_family_code
    from {{ ref('int_commission_terms') }}
),

plan_rates as (
    select
        from_currency,
        fiscal_year,
        rate
    from {{ ref('int_fx_rates_planned') }}
),

released as (
    select
        source_system,
        order_id,
        line_id,
        business_date,
        worth_units,
        released_units
    from {{ ref('int_commission_released') }}
    where due_on = 'payment'
),

taken as (
    select
        events.*,
        terms.term_key,
        terms.base,
        terms.plan_currency,
        case
            when terms.plan_currency = '{{ var("reporting_currency") }}'
                then cast(1 as decimal(18, 8))
            else plan_rates.rate
        end as fx_rate,
        case terms.base
            when 'margin' then events.margin_units
            when 'quantity' then events.quantity_units
            when 'cash' then events.net_reporting_units
            else events.net_reporting_units
        end as reporting_units
    from events
    inner join terms
        on
            events.payee_code = terms.rep_code
            and events.credit_date >= terms.from_date
            and events.credit_date < terms.to_date
            and coalesce(terms.product_family_code, events.product_family_code)
            = events.product_family_code
    left join plan_rates
        on
            terms.plan_currency = plan_rates.from_currency
            and {{ fiscal_year('events.credit_date') }} = plan_rates.fiscal_year
),

based as (
    select
        *,
        cast(case
            when base = 'quantity' then reporting_units
            when base <> 'margin' and currency = plan_currency then net_units
            when plan_currency = '{{ var("reporting_currency") }}' then reporting_units
            else {{ rounded_div(
                wide_int('reporting_units') ~ ' * 100000000', rate_units('fx_rate')
            ) }}
        end as bigint) as base_units
    from taken
),

cash_days as (
    select
        based.term_key,
        based.payee_code,
        based.source_system,
        based.order_id,
        based.line_id,
        released.business_date,
        min(based.payee_key) as payee_key,
        min(based.team_code) as team_code,
        min(based.fact_key) filter (where based.fact_type = 'order_line') as fact_key,
        min(based.row_id) filter (where based.fact_type = 'order_line') as row_id,
        min(based.product_family_code) as product_family_code,
        min(based.channel_code) as channel_code,
        min(based.credit_date) as credit_date,
        min(based.currency) as currency,
        min(based.plan_currency) as plan_currency,
        min(based.fx_rate) as fx_rate,
        cast(coalesce({{ rounded_div(
            wide_int('sum(based.base_units)') ~ ' * max(released.released_units)',
            'max(released.worth_units)'
        ) }}, 0) as bigint) as paid_base_units
    from based
    inner join released
        on
            based.source_system = released.source_system
            and based.order_id = released.order_id
            and based.line_id = released.line_id
            and based.business_date <= released.business_date
    where based.base = 'cash'
    group by
        based.term_key, based.payee_code, based.source_system, based.order_id,
        based.line_id, released.business_date
),

cash_changes as (
    select
        *,
        paid_base_units - coalesce(lag(paid_base_units) over (
            partition by term_key, payee_code, source_system, order_id, line_id
            order by business_date nulls last
        ), 0) as base_units
    from cash_days
)

select
    event_key,
    term_key,
    payee_code,
    payee_key,
    team_code,
    source_system,
    order_id,
    line_id,
    fact_type,
    fact_key,
    row_id,
    entry_no,
    return_id,
    return_line_id,
    product_family_code,
    channel_code,
    business_date,
    credit_date,
    event_class,
    credit_units,
    base_units,
    plan_currency,
    fx_rate
from based
where base <> 'cash' and base_units is not null
union all
select
    {{ surrogate_key(
        ['term_key', 'source_system', 'order_id', 'line_id', 'business_date', "'cash'"]
    ) }} as event_key,
    term_key,
    payee_code,
    payee_key,
    team_code,
    source_system,
    order_id,
    line_id,
    'payment' as fact_type,
    fact_key,
    row_id,
    cast(1 as bigint) as entry_no,
    '' as return_id,
    '' as return_line_id,
    product_family_code,
    channel_code,
    business_date,
    credit_date,
    1 as event_class,
    cast(0 as bigint) as credit_units,
    base_units,
    plan_currency,
    fx_rate
from cash_changes
where base_units <> 0
