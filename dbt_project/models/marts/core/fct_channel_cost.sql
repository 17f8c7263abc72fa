{#- Grain: cost of one channel or pool, cost type and fiscal month. Converted at the
    month's last spot rate. Pools are shared out in int_channel_cost_allocated: never
    add the two. -#}

select
    {{ surrogate_key(
        ['source_system', 'channel_code', 'pool_code', 'cost_type', 'fiscal_month']
    ) }} as channel_cost_key,
    source_system,
    row_id,
    channel_code,
    pool_code,
    cost_type,
    fiscal_month,
    is_shared,
    currency,
    amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    fx_rate,
    {{ times('amount', 'fx_rate') }} as amount_reporting
from {{ ref('int_channel_costs_judged') }}
where verdict = 'accepted'
