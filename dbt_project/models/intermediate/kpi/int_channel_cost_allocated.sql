{#- Cost of one channel, cost type and fiscal month, own (is_allocated false) or its
    part of shared pools. Each pool cost goes to the channels in proportion to their
    gross revenue of the month (negative counts 0), by largest remainder in units of
    0.0001, ties to the lower code; a month without revenue: `(unknown)`. -#}

with costs as (
    select
        channel_cost_key,
        channel_code,
        fiscal_month,
        cost_type,
        {{ units('amount_reporting') }} as cost_units
    from {{ ref('fct_channel_cost') }}
),

revenue as (
    select
        channel_code,
        fiscal_month,
        sum({{ units('gross_amount_reporting') }}) as gross_units
    from {{ ref('fct_order_line') }}
    where is_revenue_line
    group by channel_code, fiscal_month
    having sum({{ units('gross_amount_reporting') }}) > 0
),

drivers as (
    select
        channel_code,
        fiscal_month,
        gross_units,
        sum(gross_units) over (partition by fiscal_month) as whole
    from revenue
),

pooled as (
    select
        costs.channel_cost_key,
        coalesce(drivers.channel_code, {{ unknown_code() }}) as channel_code,
        costs.fiscal_month,
        costs.cost_type,
        costs.cost_units,
        coalesce(drivers.gross_units, 1) as weight,
        coalesce(drivers.whole, 1) as whole
    from costs
    left join drivers on costs.fiscal_month = drivers.fiscal_month
    where costs.channel_code is null
),

allocated as (
    {{ allocate(
        'pooled', ['channel_code', 'fiscal_month', 'cost_type'], ['cost_units'], 'weight', 'whole',
        ['channel_cost_key'], ['channel_code']
    ) | indent(4) }}
),

borne as (
    select
        channel_code,
        fiscal_month,
        cost_type,
        false as is_allocated,
        cost_units
    from costs
    where channel_code is not null
    union all
    select
        channel_code,
        fiscal_month,
        cost_type,
        true as is_allocated,
        cost_units_allocated as cost_units
    from allocated
)

select
    channel_code,
    fiscal_month,
    cost_type,
    is_allocated,
    {{ money('sum(cost_units)') }} as amount_reporting
from borne
where cost_units <> 0
group by channel_code, fiscal_month, cost_type, is_allocated
