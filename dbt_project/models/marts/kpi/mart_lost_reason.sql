{#- Grain: pipeline x stage lost from x month lost x segment x lost reason. Abandoned is
    lost, merged deals are out. Everything adds up, but lost_amount leaves out deals
    without an amount, which amount_missing_count counts.
    Rule: K14 of quality/metrics.yml (drop-off), owner sales_operations: a reopened deal
    counts once, by its last close; reason (none): the source gives none; stage
    (unknown): no history of its stages. Converted at the rate of the close date.
    Source: fct_opportunity, fct_opportunity_stage. -#}
with deals as (
    select
        opportunity_key,
        coalesce(pipeline, {{ none_code() }}) as pipeline_code,
        segment_code,
        {{ fiscal_month('closed_date') }} as lost_month,
        lost_reason_code,
        amount_reporting
    from {{ ref('fct_opportunity') }}
    where state in ('lost', 'abandoned') and closed_date is not null
),

stays as (
    select
        opportunity_key,
        {{ stage_code('stage_rank') }} as stage
    from {{ ref('int_deal_stays_cut') }}
    where is_last
)

select
    {{ as_of() }} as as_of_date,
    deals.pipeline_code,
    coalesce(stays.stage, {{ unknown_code() }}) as stage,
    deals.lost_month,
    deals.segment_code,
    deals.lost_reason_code,
    '{{ var("reporting_currency") }}' as reporting_currency,
    count(*) as lost_count,
    cast(coalesce(sum(deals.amount_reporting), 0) as decimal(18, 4)) as lost_amount,
    count(case when deals.amount_reporting is null then 1 end) as amount_missing_count,
    case
        when deals.lost_reason_code = {{ none_code() }} then 'no_data' else 'ok'
    end as lost_reason_status
from deals
left join stays on deals.opportunity_key = stays.opportunity_key
group by
    deals.pipeline_code, coalesce(stays.stage, {{ unknown_code() }}), deals.lost_month,
    deals.segment_code, deals.lost_reason_code
