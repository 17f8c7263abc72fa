{#- One opportunity that holds at as_of, with its customer and the day it first was
    qualified. -#}

with opportunities as (
    select
        source_system,
        row_id,
        opportunity_id,
        account_id,
        owner_rep_code,
        coalesce(channel_code, {{ none_code() }}) as channel_code,
        coalesce(partner_code, {{ none_code() }}) as partner_code,
        pipeline,
        stage,
        state,
        expected_close_date,
        created_date,
        closed_date,
        member_date,
        order_id,
        lost_reason,
        currency,
        amount,
        fx_rate
    from {{ ref('int_opportunities_judged') }}
    where verdict = 'accepted'
),

qualified as (
    select
        source_system,
        opportunity_id,
        min(changed_date) as qualified_date
    from {{ ref('int_opportunity_stages_judged') }}
    where
        verdict = 'accepted' and field = 'stage' and {{ stage_rank('new_value') }} >= 2
    group by source_system, opportunity_id
),

customers as (
    select
        source_system,
        code,
        member_source_system,
        master_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
)

select
    opportunities.source_system,
    opportunities.row_id,
    opportunities.opportunity_id,
    customers.member_source_system as customer_source_system,
    coalesce(opportunities.account_id, {{ unknown_code() }}) as customer_code,
    customers.master_source_system,
    coalesce(customers.master_code, {{ unknown_code() }}) as master_customer_code,
    opportunities.owner_rep_code,
    opportunities.channel_code,
    opportunities.partner_code,
    opportunities.pipeline,
    opportunities.stage,
    {{ stage_rank('opportunities.stage') }} as stage_rank,
    opportunities.state,
    opportunities.expected_close_date,
    opportunities.created_date,
    qualified.qualified_date,
    opportunities.closed_date,
    opportunities.member_date,
    opportunities.order_id,
    opportunities.lost_reason,
    opportunities.currency,
    opportunities.amount,
    opportunities.fx_rate
from opportunities
left join qualified
    on
        opportunities.source_system = qualified.source_system
        and opportunities.opportunity_id = qualified.opportunity_id
left join customers
    on
        opportunities.source_system = customers.source_system
        and opportunities.account_id = customers.code
