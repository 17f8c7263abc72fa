{#- Grain: team x pipeline x stage x snapshot day with a deal open on it or the day
    before, or a flow. A deal open yesterday starts at yesterday's place with yesterday's
    value; rate, amount, stage and team, in this order, carry it to today's place, where
    it stays open or closes. Amounts that are missing or unknown are 0 in flows. -#}
{%- set flows = [
    'opening', 'created', 'reopened', 'amount_change', 'fx_change', 'moved_in', 'moved_out',
    'transferred_in', 'transferred_out', 'won', 'lost', 'merged',
] -%}
{%- set legs = {
    'before': ['team_before', 'stage_before', 'was_open', {
        'opening': 'amount_before',
        'fx_change': 'same_amount - amount_before',
        'amount_change': 'today_amount - same_amount',
        'moved_out': 'case when is_moved then today_amount else 0 end',
        'transferred_out':
            'case when is_transferred and not is_moved then today_amount else 0 end',
    }],
    'between': ['team_before', 'stage', 'was_open and is_moved', {
        'moved_in': 'today_amount',
        'transferred_out': 'case when is_transferred then today_amount else 0 end',
    }],
    'after': ['team_code', 'stage', 'true', {
        'created':
            'case when not was_open and not is_reopened_day then today_amount else 0 end',
        'reopened': 'case when not was_open and is_reopened_day then today_amount else 0 end',
        'transferred_in':
            'case when was_open and is_transferred then today_amount else 0 end',
        'won': "case when state = 'won' then today_amount else 0 end",
        'lost': "case when state in ('lost', 'abandoned') then today_amount else 0 end",
        'merged': "case when state = 'merged' then today_amount else 0 end",
    }],
} -%}

with days as (
    select
        opportunity_key,
        snapshot_date,
        team_code,
        pipeline as pipeline_code,
        stage,
        state,
        is_reopened_day,
        is_qualified,
        is_stale,
        is_pushed,
        history_status,
        is_amount_known,
        expected_close_date,
        probability,
        amount,
        amount_reporting,
        coalesce(amount_reporting, 0) as today_amount,
        fx_rate,
        lag(snapshot_date) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as date_before,
        lag(state) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as state_before,
        lag(team_code) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as team_before,
        lag(stage) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as stage_before,
        lag(history_status) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as status_before,
        lag(is_amount_known) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as is_known_before,
        coalesce(lag(amount_reporting) over (
            partition by opportunity_key order by snapshot_date nulls last
        ), 0) as amount_before,
        lag(amount) over (
            partition by opportunity_key order by snapshot_date nulls last
        ) as own_amount_before
    from {{ ref('snap_opportunity_day') }}
),

compared as (
    select
        days.*,
        coalesce(
            days.state_before = 'open'
            and days.date_before = {{ add_days('days.snapshot_date', -1) }},
            false
        ) as was_open,
        days.stage <> coalesce(days.stage_before, days.stage) as is_moved,
        days.team_code <> coalesce(days.team_before, days.team_code) as is_transferred,
        coalesce({{ times('days.own_amount_before', 'days.fx_rate') }}, 0)
            as same_amount,
        calendar.quarter_start_date,
        calendar.quarter_end_date
    from days
    inner join {{ ref('int_quarter_days_listed') }} as calendar
        on days.snapshot_date = calendar.date_day
),

legs as (
    {%- for leg, (team, stage, condition, values) in legs.items() %}
        select
            {{ team }} as team_code,
            pipeline_code,
            {{ stage }} as stage,
            snapshot_date,
            {%- for flow in flows %}
                {{ values.get(flow, 'cast(0 as decimal(18, 4))') }}
                    as {{ flow }}_amount,
            {%- endfor %}
            {%- if leg == 'after' %}
                state = 'open' as is_open,
                is_qualified,
                is_stale,
                is_pushed and state = 'open' as is_pushed,
                case when state = 'open' then today_amount else 0 end as open_amount,
                case
                    when state = 'open'
                        then coalesce({{ times(
                            'amount_reporting',
                            'coalesce(probability, ' ~ stage_probability('stage') ~ ')'
                        ) }}, 0)
                    else 0
                end as weighted_amount,
                case
                    when
                        state = 'open'
                        and expected_close_date
                        between quarter_start_date and quarter_end_date
                        then today_amount
                    else 0
                end as coverage_open_amount,
                state = 'open' and is_amount_known and amount_reporting is null
                    as is_amount_missing,
                history_status = 'ok' as is_history_known,
                is_amount_known
            {%- else %}
                false as is_open,
                false as is_qualified,
                false as is_stale,
                false as is_pushed,
                cast(0 as decimal(18, 4)) as open_amount,
                cast(0 as decimal(18, 4)) as weighted_amount,
                cast(0 as decimal(18, 4)) as coverage_open_amount,
                false as is_amount_missing,
                status_before = 'ok' as is_history_known,
                is_known_before as is_amount_known
            {%- endif %}
        from compared
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    team_code,
    pipeline_code,
    stage,
    snapshot_date,
    sum(case when is_open then 1 else 0 end) as open_count,
    sum(case when is_open and is_qualified then 1 else 0 end) as qualified_count,
    sum(case when is_amount_missing then 1 else 0 end) as amount_missing_count,
    sum(open_amount) as open_amount,
    sum(weighted_amount) as weighted_amount,
    sum(case when is_stale then 1 else 0 end) as stale_count,
    sum(case when is_stale then open_amount else 0 end) as stale_amount,
    sum(case when is_pushed then 1 else 0 end) as pushed_count,
    {%- for flow in flows %}
        sum({{ flow }}_amount) as {{ flow }}_amount,
    {%- endfor %}
    sum(coverage_open_amount) as coverage_open_amount,
    sum(case when is_history_known then 0 else 1 end) as unknown_count,
    sum(case when is_history_known then 1 else 0 end) as known_count,
    sum(case when is_amount_known then 1 else 0 end) as known_amount_count
from legs
group by team_code, pipeline_code, stage, snapshot_date
