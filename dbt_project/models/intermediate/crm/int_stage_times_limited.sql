{#- Grain: pipeline x stage x fiscal quarter, numbered year x 4 + quarter. The 75th
    percentile (E16: linear, in whole numbers) of the days that deals won in the four
    fiscal quarters before it stayed in the stage; beyond it a deal is stale (K17). Ended
    stays of tracked stages alone; the last one ends on the close day. -#}

with won as (
    select
        source_system,
        opportunity_id,
        coalesce(pipeline, {{ none_code() }}) as pipeline,
        closed_date,
        {{ fiscal_quarter_no('closed_date') }} as won_quarter_no
    from {{ ref('int_opportunities_judged') }}
    where verdict = 'accepted' and state = 'won'
),

stays as (
    select
        won.pipeline,
        won.won_quarter_no,
        fields.field_value as stage,
        won.source_system || '|' || won.opportunity_id
        || '|' || cast(fields.valid_from as string) as stay_key,
        cast({{ days_between(
            'fields.valid_from', 'least(fields.valid_to, won.closed_date)'
        ) }} as bigint) as stay_days
    from won
    inner join {{ ref('int_opportunity_fields_dated') }} as fields
        on
            won.source_system = fields.source_system
            and won.opportunity_id = fields.opportunity_id
    where
        fields.field = 'stage'
        and fields.is_known
        and {{ stage_rank('fields.field_value') }} < 5
        and fields.valid_from < won.closed_date
),

later_quarters as (
    {%- for step in range(1, 5) %}
        select {{ step }} as step{{ ' union all' if not loop.last }}
    {%- endfor %}
),

ranked as (
    select
        stays.pipeline,
        stays.stage,
        stays.won_quarter_no + later_quarters.step as quarter_no,
        stays.stay_days,
        row_number() over (
            partition by
                stays.pipeline,
                stays.stage,
                stays.won_quarter_no + later_quarters.step
            order by stays.stay_days nulls last, stays.stay_key nulls last
        ) - 1 as rank_no,
        3 * (
            count(*) over (
                partition by
                    stays.pipeline,
                    stays.stage,
                    stays.won_quarter_no + later_quarters.step
            ) - 1
        ) as quarter_ranks
    from stays
    cross join later_quarters
),

weighed as (
    select
        pipeline,
        stage,
        quarter_no,
        stay_days,
        case
            when rank_no = {{ int_div('quarter_ranks', '4') }}
                then 4 - (quarter_ranks - 4 * {{ int_div('quarter_ranks', '4') }})
            when rank_no = {{ int_div('quarter_ranks', '4') }} + 1
                then quarter_ranks - 4 * {{ int_div('quarter_ranks', '4') }}
            else 0
        end as stay_weight
    from ranked
)

select
    pipeline,
    stage,
    quarter_no,
    count(*) as stay_count,
    {{ money('sum(stay_days * stay_weight) * 2500') }} as stay_limit_days
from weighed
group by pipeline, stage, quarter_no
