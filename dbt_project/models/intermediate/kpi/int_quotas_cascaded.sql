{#- Grain: current quota with quotas of the level below (R09): what they sum to in its
    interval, by days weighted by season. Below a team or channel stand the quotas whose nearest node with
    a quota in the same metric it is; below the company the teams and reps that no team
    with a quota stands above. -#}
with parents as (
    select
        quota_key,
        owner_type,
        owner_code,
        metric,
        valid_from,
        valid_to
    from {{ ref('int_quotas_spread') }}
    where owner_type in ('team', 'channel', 'company')
),

placed as (
    select
        quota_key,
        metric,
        node_type,
        node_code,
        least_depth,
        placed_from,
        placed_to,
        interval_weight,
        quota_units
    from {{ ref('int_quotas_placed') }}
),

climbed as (
    select
        node_type,
        ancestor_code,
        code,
        valid_from,
        valid_to,
        depth
    from {{ ref('int_nodes_climbed') }}
),

above as (
    select
        placed.quota_key,
        placed.node_code,
        placed.placed_from,
        placed.interval_weight,
        placed.quota_units,
        parents.quota_key as parent_key,
        climbed.depth,
        greatest(placed.placed_from, climbed.valid_from, parents.valid_from)
            as part_from,
        least(placed.placed_to, climbed.valid_to, parents.valid_to) as part_to
    from placed
    inner join climbed
        on
            placed.node_type = climbed.node_type
            and placed.node_code = climbed.code
            and placed.least_depth <= climbed.depth
            and placed.placed_from < climbed.valid_to
            and placed.placed_to > climbed.valid_from
    inner join parents
        on
            climbed.node_type = parents.owner_type
            and climbed.ancestor_code = parents.owner_code
            and placed.metric = parents.metric
            and greatest(placed.placed_from, climbed.valid_from) < parents.valid_to
            and least(placed.placed_to, climbed.valid_to) > parents.valid_from
),

nearest as (
    select
        *,
        min(depth) over (partition by quota_key, node_code, placed_from) as least_depth
    from above
),

topmost as (
    select
        parents.quota_key as parent_key,
        placed.interval_weight,
        placed.quota_units,
        greatest(placed.placed_from, parents.valid_from) as part_from,
        least(placed.placed_to, parents.valid_to) as part_to
    from placed
    inner join parents
        on
            parents.owner_type = 'company'
            and placed.metric = parents.metric
            and placed.placed_from < parents.valid_to
            and placed.placed_to > parents.valid_from
    left join above
        on
            placed.quota_key = above.quota_key
            and placed.node_code = above.node_code
            and placed.placed_from = above.placed_from
    where placed.node_type = 'team' and above.quota_key is null
),

parts as (
    select
        parent_key,
        interval_weight,
        quota_units,
        part_from,
        part_to
    from nearest
    where depth = least_depth
    union all
    select
        parent_key,
        interval_weight,
        quota_units,
        part_from,
        part_to
    from topmost
)

select
    parent_key as quota_key,
    min(part_from) as assigned_from,
    max(part_to) as assigned_to,
    sum({{ money(rounded_div(
        '(quota_units * ' ~ season_days('part_from', 'part_to') ~ ')', 'interval_weight'
    )) }}) as assigned_amount
from parts
group by parent_key
