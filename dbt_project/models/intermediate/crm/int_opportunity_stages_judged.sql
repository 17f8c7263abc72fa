{#- One landed change of an opportunity's field and its verdict. -#}

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
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(
            ['source_system', 'opportunity_id', 'changed_at', 'field'], 'event'
        ) }} as version_status
    from {{ ref('stg_crm__opportunity_stages') }}
)

select
    opportunity_id,
    changed_at,
    business_date as changed_date,
    field,
    old_value,
    new_value,
    {{ judged_columns('crm__opportunity_stages') }}
from landed
