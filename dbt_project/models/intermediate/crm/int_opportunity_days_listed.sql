{{ config(materialized='view') }}
{#- Grain: opportunity x day from its creation to its close day, and again from each
    reopening, up to as_of; in its state at the end of the day. Rate of the day (E4): an
    amount without one is NULL in the reporting currency. Past days of a field that the
    source does not track are unknown. -#}

with days as (
    {{ day_spine("cast('" ~ var('calendar_start_date') ~ "' as date)", as_of()) }}
),

spans as (
    select
        spells.source_system,
        spells.opportunity_id,
        spells.spell_no,
        spells.opened_date,
        spells.closed_date,
        spells.closed_state,
        versions.valid_from,
        greatest(spells.opened_date, versions.valid_from) as first_date,
        least(
            coalesce(spells.closed_date, {{ as_of() }}),
            {{ add_days('versions.valid_to', -1) }}
        ) as last_date,
        versions.last_touch_date,
        versions.has_touches,
        versions.stage,
        versions.stage_from,
        versions.amount,
        versions.is_amount_known,
        versions.expected_close_date,
        versions.is_expected_close_known,
        versions.is_pushed_first_day,
        versions.owner_rep_code,
        versions.is_owner_known,
        versions.forecast_category,
        versions.probability
    from {{ ref('int_opportunity_spells_dated') }} as spells
    inner join {{ ref('int_opportunity_versions_dated') }} as versions
        on
            spells.source_system = versions.source_system
            and spells.opportunity_id = versions.opportunity_id
            and versions.valid_from
            <= coalesce(spells.closed_date, {{ as_of() }})
            and spells.opened_date < versions.valid_to
)

select
    days.date_day as snapshot_date,
    spans.*,
    deals.row_id,
    deals.customer_source_system,
    deals.customer_code,
    deals.master_customer_code,
    deals.channel_code,
    coalesce(deals.pipeline, {{ none_code() }}) as pipeline,
    deals.currency,
    case
        when deals.currency = '{{ var("reporting_currency") }}'
            then cast(1 as decimal(18, 8))
        else rates.rate
    end as fx_rate,
    case
        when days.date_day = spans.closed_date then spans.closed_state else 'open'
    end as state,
    coalesce(
        spans.has_touches
        and {{ days_between(
            'greatest(deals.created_date, coalesce(spans.last_touch_date, deals.created_date))',
            'days.date_day'
        ) }} >= {{ definition('stale_days') }},
        false
    )
    or coalesce(
        {{ days_between('spans.stage_from', 'days.date_day') }}
        > limits.stay_limit_days,
        false
    )
    or coalesce(spans.expected_close_date < days.date_day, false) as is_stale
from spans
inner join days
    on
        spans.first_date <= days.date_day
        and spans.last_date >= days.date_day
inner join {{ ref('int_opportunities_resolved') }} as deals
    on
        spans.source_system = deals.source_system
        and spans.opportunity_id = deals.opportunity_id
left join {{ ref('int_fx_rates_daily') }} as rates
    on
        deals.currency = rates.from_currency
        and days.date_day = rates.rate_date
left join {{ ref('int_stage_times_limited') }} as limits
    on
        coalesce(deals.pipeline, {{ none_code() }}) = limits.pipeline
        and spans.stage = limits.stage
        and {{ fiscal_quarter_no('days.date_day') }} = limits.quarter_no
