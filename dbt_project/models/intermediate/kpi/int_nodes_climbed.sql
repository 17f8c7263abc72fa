{#- Grain: team or channel x node above it (itself at depth 0) x interval in which every
    version on the way holds. Teams to four levels above; channels as of today. -#}
with teams as (
    {{ ancestors_dated(
        ref('dim_team'), 'team_code', 'parent_team_code', 4
    ) | indent(4) }}
)

select
    'team' as node_type,
    ancestor_code,
    code,
    valid_from,
    valid_to,
    depth
from teams
union all
select
    'channel' as node_type,
    ancestor_code,
    descendant_code as code,
    {{ first_day_of_time() }} as valid_from,
    {{ last_day_of_time() }} as valid_to,
    depth
from {{ ref('bridge_channel_closure') }}
