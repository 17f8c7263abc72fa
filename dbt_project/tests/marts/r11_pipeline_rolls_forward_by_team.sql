{{ config(meta={'rule': 'R11'}) }}
{#- Per team and day: moves between stages cancel, and what is open equals the
    snapshot's open deals of that day. -#}
with mart as (
    select
        team_code,
        snapshot_date,
        sum(coalesce(open_amount, 0)) as open_amount,
        sum(coalesce(opening_amount, 0)) as opening_amount,
        sum(coalesce(created_amount + reopened_amount + amount_change_amount, 0))
        + sum(coalesce(fx_change_amount + transferred_in_amount, 0))
        - sum(coalesce(transferred_out_amount + won_amount, 0))
        - sum(coalesce(lost_amount + merged_amount, 0)) as flow_amount
    from {{ ref('mart_pipeline_health') }}
    group by team_code, snapshot_date
),

snapshot as (
    select
        team_code,
        snapshot_date,
        sum(coalesce(amount_reporting, 0)) as open_amount
    from {{ ref('snap_opportunity_day') }}
    where state = 'open'
    group by team_code, snapshot_date
)

select
    coalesce(mart.team_code, snapshot.team_code)
    || '|'
    || cast(coalesce(mart.snapshot_date, snapshot.snapshot_date) as string)
        as failing_key,
    mart.opening_amount,
    mart.flow_amount,
    mart.open_amount,
    snapshot.open_amount as snapshot_amount
from mart
full outer join snapshot
    on
        mart.team_code = snapshot.team_code
        and mart.snapshot_date = snapshot.snapshot_date
where
    coalesce(mart.open_amount, 0) <> coalesce(snapshot.open_amount, 0)
    or coalesce(mart.opening_amount + mart.flow_amount, 0)
    <> coalesce(mart.open_amount, 0)
