{#- Grain: scope_type x scope_code (company, channel, customer, rep, cell): what the
    source systems that sell there deliver, so that a silent source is told from a zero
    (E13, judged by source). -#}
with order_lines as (
    select
        source_system,
        channel_code,
        master_customer_code,
        segment_code || '|' || region_code as cell_code,
        cost_amount,
        is_discount_stated
    from {{ ref('fct_order_line') }}
    where is_revenue_line
),

returns as (
    select distinct source_system from {{ ref('fct_return_line') }}
),

discounts as (
    select distinct source_system
    from order_lines
    where is_discount_stated
),

costs as (
    select distinct source_system
    from order_lines
    where cost_amount is not null
),

credits as (
    select distinct
        payee_code,
        source_system
    from {{ ref('bridge_order_credit') }}
    where credit_type = 'rep_primary' and is_revenue_line
),

scopes as (
    select distinct
        'company' as scope_type,
        'company' as scope_code,
        source_system
    from order_lines
    union all
    select distinct
        'channel' as scope_type,
        channel_code as scope_code,
        source_system
    from order_lines
    union all
    select distinct
        'customer' as scope_type,
        master_customer_code as scope_code,
        source_system
    from order_lines
    union all
    select distinct
        'cell' as scope_type,
        cell_code as scope_code,
        source_system
    from order_lines
    union all
    select
        'rep' as scope_type,
        payee_code as scope_code,
        source_system
    from credits
),

counted as (
    select
        scopes.scope_type,
        scopes.scope_code,
        count(*) as source_count,
        count(returns.source_system) as return_source_count,
        count(discounts.source_system) as discount_source_count,
        count(costs.source_system) as cost_source_count
    from scopes
    left join returns on scopes.source_system = returns.source_system
    left join discounts on scopes.source_system = discounts.source_system
    left join costs on scopes.source_system = costs.source_system
    group by scopes.scope_type, scopes.scope_code
)

select
    scope_type,
    scope_code,
    return_source_count > 0 as has_returns,
    discount_source_count > 0 as has_discounts,
    cost_source_count > 0 as has_costs,
    case
        when return_source_count = source_count and discount_source_count = source_count
            then 'ok'
        else 'partial'
    end as revenue_status,
    case
        when return_source_count = 0 then 'no_data'
        when return_source_count = source_count then 'ok'
        else 'partial'
    end as return_status
from counted
