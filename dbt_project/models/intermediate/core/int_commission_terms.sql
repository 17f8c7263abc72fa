{#- Grain: rep x interval of credit dates x component version: under which terms a
    credit accrues. A rep without plan but with a rate of his own has the component
    `rate`. factor: units of 0.0001 in one minor unit of the pay. Rule: docs block
    incentive_ledger, section 2. -#}

with reps as (
    select
        rep_code,
        plan_code,
        commission_rate,
        match_from,
        valid_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
),

plans as (
    select * from {{ ref('dim_comp_plan') }}
),

currencies as (
    select
        currency_code,
        minor_unit
    from {{ ref('dim_currency') }}
),

first_tiers as (
    select
        plan_code,
        component_code,
        valid_from,
        rate
    from {{ ref('bridge_comp_plan_tier') }}
    where tier_no = 1
),

termed as (
    select
        reps.rep_code,
        plans.plan_code,
        plans.component_code,
        plans.valid_from as plan_valid_from,
        greatest(reps.match_from, plans.valid_from) as from_date,
        least(reps.valid_to, plans.valid_to) as to_date,
        plans.base,
        plans.mode,
        plans.due_on,
        plans.period_type,
        plans.currency,
        plans.product_family_code,
        plans.threshold_attainment,
        plans.cap_amount,
        plans.draw_amount,
        plans.draw_type,
        coalesce(plans.holdback_share, 0) as holdback_share,
        plans.holdback_days,
        coalesce(plans.reserve_share, 1) as reserve_share,
        coalesce(plans.tail_days, 0) as tail_days,
        first_tiers.rate as first_rate
    from reps
    inner join plans
        on
            reps.plan_code = plans.plan_code
            and reps.match_from < plans.valid_to
            and reps.valid_to > plans.valid_from
    left join first_tiers
        on
            plans.plan_code = first_tiers.plan_code
            and plans.component_code = first_tiers.component_code
            and plans.valid_from = first_tiers.valid_from
    union all
    select
        rep_code,
        {{ none_code() }} as plan_code,
        'rate' as component_code,
        valid_from as plan_valid_from,
        match_from as from_date,
        valid_to as to_date,
        'net_revenue' as base,
        'flat' as mode,
        'booking' as due_on,
        'month' as period_type,
        '{{ var("reporting_currency") }}' as currency,
        cast(null as string) as product_family_code,
        cast(null as decimal(18, 8)) as threshold_attainment,
        cast(null as decimal(18, 4)) as cap_amount,
        cast(null as decimal(18, 4)) as draw_amount,
        cast(null as string) as draw_type,
        cast(0 as decimal(9, 4)) as holdback_share,
        cast(null as bigint) as holdback_days,
        cast(1 as decimal(9, 4)) as reserve_share,
        cast(0 as bigint) as tail_days,
        commission_rate as first_rate
    from reps
    where plan_code is null and commission_rate is not null
)

select
    {{ surrogate_key(
        ['termed.rep_code', 'termed.plan_code', 'termed.component_code',
         'termed.plan_valid_from']
    ) }} as term_key,
    termed.*,
    coalesce(currencies.minor_unit, 2) as minor_unit,
    cast(case coalesce(currencies.minor_unit, 2)
        when 0 then 10000 when 1 then 1000 when 2 then 100 when 3 then 10 else 1
    end as bigint) as factor
from termed
left join currencies on termed.currency = currencies.currency_code
where termed.from_date < termed.to_date
