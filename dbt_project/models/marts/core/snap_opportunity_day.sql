{#- Grain: opportunity x day while it is open, and its close day (periodic snapshot), in
    its state at the end of that day. Not additive: over days (last value of a period).
    Owner, team and rate are those of the day; stage of a close day is the last one that
    is not closed. What the source does not track is NULL for past days (history_status
    no_data). Stale: K17. Source: crm.opportunities with their changes. -#}

with days as (
    select
        snapshot_date,
        source_system,
        opportunity_id,
        row_id,
        spell_no,
        opened_date,
        valid_from,
        owner_rep_code,
        is_owner_known,
        channel_code,
        customer_source_system,
        customer_code,
        master_customer_code,
        pipeline,
        stage,
        stage_from,
        state,
        expected_close_date,
        is_expected_close_known,
        forecast_category,
        probability,
        currency,
        amount,
        is_amount_known,
        fx_rate,
        is_pushed_first_day,
        is_stale
    from {{ ref('int_opportunity_days_listed') }}
)

select
    {{ surrogate_key([
        'days.source_system', 'days.opportunity_id', 'days.snapshot_date'
    ]) }} as opportunity_day_key,
    days.snapshot_date,
    days.source_system,
    days.opportunity_id,
    {{ surrogate_key(['days.source_system', 'days.opportunity_id']) }}
        as opportunity_key,
    days.row_id,
    days.owner_rep_code,
    coalesce(reps.rep_key, '-1') as rep_key,
    coalesce(reps.team_code, {{ unknown_code() }}) as team_code,
    days.channel_code,
    days.customer_code,
    days.master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    days.pipeline,
    coalesce(days.stage, {{ unknown_code() }}) as stage,
    {{ stage_rank('days.stage') }} as stage_rank,
    days.state = 'open' and coalesce({{ stage_rank('days.stage') }} >= 2, false)
        as is_qualified,
    days.state,
    days.expected_close_date,
    days.forecast_category,
    days.probability,
    days.currency,
    days.amount,
    '{{ var("reporting_currency") }}' as reporting_currency,
    {{ times('days.amount', 'days.fx_rate') }} as amount_reporting,
    days.spell_no = 1 and days.snapshot_date = days.opened_date as is_created_day,
    days.spell_no > 1 and days.snapshot_date = days.opened_date as is_reopened_day,
    days.state <> 'open' as is_close_day,
    days.is_pushed_first_day and days.snapshot_date = days.valid_from as is_pushed,
    days.state = 'open' and days.is_stale as is_stale,
    cast({{ days_between('days.stage_from', 'days.snapshot_date') }} as bigint)
        as days_in_stage,
    case
        when days.is_amount_known and days.is_expected_close_known then 'ok'
        else 'no_data'
    end as history_status,
    days.is_amount_known,
    days.is_owner_known,
    cast(days.fx_rate as decimal(18, 8)) as fx_rate
from days
left join {{ ref('dim_sales_rep') }} as reps
    on
        days.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'days.snapshot_date') }}
left join {{ ref('dim_customer') }} as customers
    on
        days.customer_source_system = customers.source_system
        and days.customer_code = customers.customer_code
        and {{ version_on('customers', 'days.snapshot_date') }}
