{#- Grain: team x pipeline x stage x snapshot day, while a deal is open there or was the
    day before.
    Not additive: open_*, stale_*, coverage_open_amount and velocity_open_count over
    days (last value). Locked (L), read with max at their own grain and never summed:
    coverage_*_denominator at team x day, won_rate_*, won_amount_sum, won_amount_count
    and cycle_days_* at team x pipeline x day. Flows (won_amount among them) add up over
    days and places.
    Rule: K15, K16, K17 of quality/metrics.yml; R11: opening + created + reopened +
    amount_change + fx_change + moved_in - moved_out + transferred_in - transferred_out -
    won - lost - merged = open. Amounts are NULL where none of the row's deals has a known
    one. Owner sales_operations.
    Source: snap_opportunity_day, fct_opportunity, fct_quota. -#}
{%- set flows = [
    'created', 'reopened', 'amount_change', 'fx_change', 'moved_in', 'moved_out',
    'transferred_in', 'transferred_out', 'won', 'lost', 'merged',
] -%}

with flowed as (
    select * from {{ ref('int_pipeline_days_flowed') }}
),

calendar as (
    select
        date_day,
        fiscal_month,
        fiscal_quarter,
        quarter_no
    from {{ ref('int_quarter_days_listed') }}
),

covered as (
    select
        team_code,
        snapshot_date,
        left_amount,
        full_quota_amount,
        coverage_state
    from {{ ref('int_team_days_covered') }}
),

rated as (
    select
        team_code,
        pipeline_code,
        quarter_no,
        won_count,
        closed_count,
        won_amount_sum,
        won_amount_count,
        cycle_days_sum
    from {{ ref('int_pipeline_quarters_rated') }}
)

select
    {{ as_of() }} as as_of_date,
    flowed.team_code,
    flowed.pipeline_code,
    flowed.stage,
    flowed.snapshot_date,
    '{{ var("reporting_currency") }}' as reporting_currency,
    calendar.fiscal_month,
    calendar.fiscal_quarter,
    flowed.snapshot_date = {{ as_of() }} as is_latest_day,
    cast(flowed.open_count as bigint) as open_count,
    cast(flowed.qualified_count as bigint) as qualified_count,
    cast(flowed.amount_missing_count as bigint) as amount_missing_count,
    cast(
        case when flowed.known_amount_count > 0 then flowed.open_amount end
        as decimal(18, 4)
    ) as open_amount,
    cast(
        case when flowed.known_amount_count > 0 then flowed.weighted_amount end
        as decimal(18, 4)
    ) as weighted_amount,
    cast(flowed.stale_count as bigint) as stale_count,
    cast(
        case when flowed.known_amount_count > 0 then flowed.stale_amount end
        as decimal(18, 4)
    ) as stale_amount,
    cast(
        case when flowed.known_amount_count > 0 then flowed.stale_amount end
        as decimal(18, 4)
    ) as stale_numerator,
    cast(
        case when flowed.known_amount_count > 0 then flowed.open_amount end
        as decimal(18, 4)
    ) as stale_denominator,
    case
        when flowed.known_amount_count > 0
            then {{ safe_ratio('flowed.stale_amount', 'flowed.open_amount') }}
    end as stale_ratio,
    cast(flowed.pushed_count as bigint) as pushed_count,
    cast(
        case when flowed.known_amount_count > 0 then flowed.opening_amount end
        as decimal(18, 4)
    ) as opening_amount,
    {%- for flow in flows %}
        cast(
            case when flowed.known_amount_count > 0 then flowed.{{ flow }}_amount end
            as decimal(18, 4)
        ) as {{ flow }}_amount,
    {%- endfor %}
    cast(
        case when flowed.known_count > 0 then flowed.coverage_open_amount end
        as decimal(18, 4)
    ) as coverage_open_amount,
    cast(covered.left_amount as decimal(18, 4)) as coverage_remaining_denominator,
    cast(covered.full_quota_amount as decimal(18, 4)) as coverage_target_denominator,
    covered.coverage_state,
    cast(flowed.qualified_count as bigint) as velocity_open_count,
    cast(coalesce(rated.won_count, 0) as decimal(18, 4)) as won_rate_numerator,
    cast(coalesce(rated.closed_count, 0) as decimal(18, 4)) as won_rate_denominator,
    cast(coalesce(rated.won_amount_sum, 0) as decimal(18, 4)) as won_amount_sum,
    cast(coalesce(rated.won_amount_count, 0) as bigint) as won_amount_count,
    cast(coalesce(rated.cycle_days_sum, 0) as bigint) as cycle_days_sum,
    cast(coalesce(rated.won_count, 0) as bigint) as cycle_days_count,
    case
        when flowed.unknown_count = 0 then 'ok'
        when flowed.known_count = 0 then 'no_data'
        else 'partial'
    end as pipeline_status
from flowed
inner join calendar on flowed.snapshot_date = calendar.date_day
left join covered
    on
        flowed.team_code = covered.team_code
        and flowed.snapshot_date = covered.snapshot_date
left join rated
    on
        flowed.team_code = rated.team_code
        and flowed.pipeline_code = rated.pipeline_code
        and calendar.quarter_no = rated.quarter_no
