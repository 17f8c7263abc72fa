{#- One landed change of an opportunity's field and its verdict. A change of stage that
    does not fit the deal's path is held (T06). -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        opportunity_id,
        changed_at,
        field,
        old_value,
        new_value,
        {{ local_date('changed_at') }} as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['opportunity_id', 'changed_at', 'field']) }} as natural_key,
        {{ version_status(
            ['source_system', 'opportunity_id', 'changed_at', 'field'], 'event'
        ) }} as version_status
    from {{ ref('stg_crm__opportunity_stages') }}
),

ruled as (
    select
        landed.source_system,
        landed.row_id,
        landed.extract_id,
        landed.opportunity_id,
        landed.changed_at,
        landed.field,
        landed.old_value,
        landed.new_value,
        landed.business_date,
        landed.amount,
        landed.currency,
        landed.natural_key,
        landed.version_status,
        case when strays.row_id is not null then 'T06' end as held_rule,
        strays.reason as held_reason
    from landed
    left join {{ ref('int_opportunity_paths_checked') }} as strays
        on landed.row_id = strays.row_id
)

select
    opportunity_id,
    changed_at,
    business_date as changed_date,
    field,
    old_value,
    new_value,
    {{ judged_columns('crm__opportunity_stages') }}
from ruled
