{#- Grain: opportunity x member x role x interval of membership. Not additive: share (a
    part of the credit of one deal). A membership of one member in one role ends when the
    next of the same begins; the source gives no other end. Team is that of the first
    day. Source: crm.opportunity_team. -#}

with memberships as (
    select
        team.source_system,
        team.row_id,
        team.opportunity_id,
        team.member_code,
        coalesce(team.role_code, {{ none_code() }}) as role_code,
        team.share,
        coalesce(team.valid_from, deals.created_date, {{ first_day_of_time() }})
            as valid_from
    from {{ ref('int_opportunity_team_judged') }} as team
    left join {{ ref('int_opportunities_resolved') }} as deals
        on
            team.source_system = deals.source_system
            and team.opportunity_id = deals.opportunity_id
    where team.verdict = 'accepted'
),

members as (
    select
        *,
        coalesce(
            lead(valid_from) over (
                partition by source_system, opportunity_id, member_code, role_code
                order by valid_from nulls last, row_id nulls last
            ),
            {{ last_day_of_time() }}
        ) as valid_to
    from memberships
)

select
    {{ surrogate_key([
        'members.source_system', 'members.opportunity_id', 'members.member_code',
        'members.role_code', 'members.valid_from'
    ]) }} as opportunity_team_key,
    {{ surrogate_key(['members.source_system', 'members.opportunity_id']) }}
        as opportunity_key,
    members.source_system,
    members.row_id,
    members.opportunity_id,
    members.member_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    members.role_code,
    members.share,
    members.valid_from,
    members.valid_to,
    members.valid_to = {{ last_day_of_time() }} as is_current
from members
left join {{ ref('dim_sales_rep') }} as reps
    on
        members.member_code = reps.rep_code
        and {{ version_on('reps', 'members.valid_from') }}
