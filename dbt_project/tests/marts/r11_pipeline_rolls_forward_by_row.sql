{{ config(meta={'rule': 'R11'}) }}
{#- Each row: what was open the day before and what came, changed, moved, left, is what
    is open; and the opening is the open amount of the same place the day before. -#}
with mart as (
    select
        team_code || '|' || pipeline_code || '|' || stage || '|'
        || cast(snapshot_date as string) as failing_key,
        coalesce(opening_amount, 0) as opening_amount,
        coalesce(open_amount, 0) as open_amount,
        coalesce(created_amount + reopened_amount + amount_change_amount, 0)
        + coalesce(fx_change_amount + moved_in_amount - moved_out_amount, 0)
        + coalesce(transferred_in_amount - transferred_out_amount, 0)
        - coalesce(won_amount + lost_amount + merged_amount, 0) as flow_amount,
        case
            when
                lag(snapshot_date) over place
                = {{ add_days('snapshot_date', -1) }}
                then coalesce(lag(open_amount) over place, 0)
            else 0
        end as closing_before_amount
    from {{ ref('mart_pipeline_health') }}
    window
        place as (
            partition by team_code, pipeline_code, stage
            order by snapshot_date nulls last
        )
)

select
    failing_key,
    opening_amount,
    closing_before_amount,
    flow_amount,
    open_amount
from mart
where
    opening_amount + flow_amount <> open_amount
    or opening_amount <> closing_before_amount
