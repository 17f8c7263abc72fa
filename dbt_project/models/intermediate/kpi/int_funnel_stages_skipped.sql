{#- Grain: deal x stage that it jumped over on the way up without having been there,
    at the first such jump. A win jumps over what is left; a loss jumps over nothing. -#}
with deals as (
    select
        opportunity_key,
        coalesce(pipeline, {{ none_code() }}) as pipeline_code,
        segment_code
    from {{ ref('fct_opportunity') }}
    where state <> 'merged'
),

jumps as (
    select
        opportunity_key,
        transition_no,
        changed_date,
        stage_rank_from,
        stage_rank_to
    from {{ ref('fct_opportunity_stage') }}
    where field = 'stage' and skipped_stage_count > 0
),

ranks as (
    select 2 as stage_rank
    union all
    select 3 as stage_rank
    union all
    select 4 as stage_rank
),

entries as (
    select
        opportunity_key,
        stage_rank,
        min(stay_no) as entry_no
    from {{ ref('int_deal_stays_cut') }}
    group by opportunity_key, stage_rank
),

skips as (
    select
        jumps.opportunity_key,
        ranks.stage_rank,
        min(jumps.transition_no) as skip_no,
        min(jumps.changed_date) as skipped_date
    from jumps
    inner join ranks
        on
            jumps.stage_rank_from < ranks.stage_rank
            and jumps.stage_rank_to > ranks.stage_rank
    group by jumps.opportunity_key, ranks.stage_rank
)

select
    deals.pipeline_code,
    {{ stage_code('skips.stage_rank') }} as stage,
    deals.segment_code,
    skips.opportunity_key,
    {{ fiscal_month('skips.skipped_date') }} as entry_month,
    {{ add_days(month_end('skips.skipped_date'), definition('stage_window_days')) }}
    <= {{ as_of() }} as is_mature
from skips
inner join deals on skips.opportunity_key = deals.opportunity_key
left join entries
    on
        skips.opportunity_key = entries.opportunity_key
        and skips.stage_rank = entries.stage_rank
where entries.entry_no is null or entries.entry_no > skips.skip_no
