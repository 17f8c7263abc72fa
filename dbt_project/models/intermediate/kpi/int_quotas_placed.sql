{#- Grain: quota of a rep, team or channel x days on which it holds x where it stands in
    the tree of its owner: a rep's quota in the team of each stay (E7), the others in
    the node itself.
    Interval [placed_from, placed_to) of the quota that stands there. -#}
with quotas as (
    select
        quota_key,
        owner_type,
        owner_code,
        metric,
        valid_from,
        valid_to,
        interval_weight,
        {{ units('amount_reporting') }} as quota_units
    from {{ ref('int_quotas_spread') }}
    where owner_type in ('rep', 'team', 'channel')
),

stays as (
    select
        rep_code,
        team_code,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
)

select
    quotas.quota_key,
    quotas.metric,
    'team' as node_type,
    stays.team_code as node_code,
    0 as least_depth,
    greatest(quotas.valid_from, stays.match_from) as placed_from,
    least(quotas.valid_to, stays.valid_to) as placed_to,
    quotas.interval_weight,
    quotas.quota_units
from quotas
inner join stays
    on
        quotas.owner_code = stays.rep_code
        and quotas.valid_to > stays.match_from
        and quotas.valid_from < stays.valid_to
where quotas.owner_type = 'rep'
union all
select
    quota_key,
    metric,
    owner_type as node_type,
    owner_code as node_code,
    1 as least_depth,
    valid_from as placed_from,
    valid_to as placed_to,
    interval_weight,
    quota_units
from quotas
where owner_type <> 'rep'
