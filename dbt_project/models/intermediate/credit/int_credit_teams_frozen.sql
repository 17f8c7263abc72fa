{#- One member of the team of the won opportunity of one order, with the share as it
    stood when the deal was won: per member and role the newest membership that had
    begun by then (rule 3b of model.md 4). Only teams whose shares sum to exactly 1. The
    opportunity is the one that the order names; an order that names none takes those
    won ones that name it. Where its own source has one, no other source is asked; of
    several the first by source and id that has such a team. -#}

with orders as (
    select
        source_system,
        order_id,
        opportunity_id
    from {{ ref('int_orders_resolved') }}
),

won as (
    select
        source_system,
        opportunity_id,
        order_id,
        closed_date
    from {{ ref('int_opportunities_judged') }}
    where verdict = 'accepted' and state = 'won' and closed_date is not null
),

linked as (
    select
        orders.source_system,
        orders.order_id,
        won.source_system as deal_source_system,
        won.opportunity_id,
        won.closed_date
    from orders
    inner join won on orders.opportunity_id = won.opportunity_id
    union all
    select
        orders.source_system,
        orders.order_id,
        won.source_system as deal_source_system,
        won.opportunity_id,
        won.closed_date
    from orders
    inner join won on orders.order_id = won.order_id
    where orders.opportunity_id is null
),

ranked as (
    select
        *,
        rank() over (
            partition by source_system, order_id
            order by
                case when source_system = deal_source_system then 0 else 1 end
                nulls last
        ) as nearness
    from linked
),

members as (
    select
        ranked.source_system,
        ranked.order_id,
        ranked.deal_source_system,
        ranked.opportunity_id,
        team.member_code,
        {{ units('team.share') }} as share_units,
        row_number() over (
            partition by
                ranked.source_system, ranked.order_id, ranked.deal_source_system,
                ranked.opportunity_id, team.member_code, coalesce(team.role_code, '')
            order by
                coalesce(team.valid_from, {{ first_day_of_time() }}) desc nulls last,
                team.row_id nulls last
        ) as newest_rank
    from ranked
    inner join {{ ref('int_opportunity_team_judged') }} as team
        on
            ranked.deal_source_system = team.source_system
            and ranked.opportunity_id = team.opportunity_id
            and ranked.closed_date
            >= coalesce(team.valid_from, {{ first_day_of_time() }})
    where ranked.nearness = 1 and team.verdict = 'accepted'
),

shares as (
    select
        source_system,
        order_id,
        deal_source_system,
        opportunity_id,
        member_code as payee_code,
        sum(share_units) as share_units
    from members
    where newest_rank = 1 and share_units > 0
    group by source_system, order_id, deal_source_system, opportunity_id, member_code
),

summed as (
    select
        *,
        sum(share_units) over (
            partition by source_system, order_id, deal_source_system, opportunity_id
        ) as share_sum
    from shares
),

preferred as (
    select
        source_system,
        order_id,
        payee_code,
        share_units,
        rank() over (
            partition by source_system, order_id
            order by deal_source_system nulls last, opportunity_id nulls last
        ) as preference
    from summed
    where share_sum = 10000
)

select
    source_system,
    order_id,
    payee_code,
    cast(share_units as bigint) as share_units
from preferred
where preference = 1
