{#- Grain: row of credit x owner of a quota whom it counts for: the rep, the team of the
    credit date and each team above it on that day, the partner who sourced it, the
    channel of record and each channel above it, the company once ('(all)'). Never add
    owner types: they are views of the same money. -#}
with credits as (
    select
        credit_key,
        credit_type,
        payee_code,
        credit_date,
        case credit_type
            when 'rep_primary' then 'team' when 'channel_of_record' then 'channel'
        end as node_type,
        case credit_type when 'rep_primary' then team_code else payee_code end
            as node_code
    from {{ ref('int_credits_planned') }}
),

nodes as (
    select
        node_type,
        ancestor_code,
        code,
        valid_from,
        valid_to
    from {{ ref('int_nodes_climbed') }}
)

select
    credit_key,
    'rep' as owner_type,
    payee_code as owner_code
from credits
where credit_type = 'rep_primary'
union all
select
    credit_key,
    'partner' as owner_type,
    payee_code as owner_code
from credits
where credit_type = 'partner_sourced'
union all
select
    credit_key,
    'company' as owner_type,
    '(all)' as owner_code
from credits
where credit_type = 'channel_of_record'
union all
select
    credits.credit_key,
    nodes.node_type as owner_type,
    nodes.ancestor_code as owner_code
from credits
inner join nodes
    on
        credits.node_type = nodes.node_type
        and credits.node_code = nodes.code
        and credits.credit_date >= nodes.valid_from
        and credits.credit_date < nodes.valid_to
