{#- One landed lead and its verdict. What happened after as_of has not happened. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        lead_id,
        created_at,
        source,
        owner_rep_code,
        campaign_id,
        status,
        first_touch_at,
        {{ local_date('created_at') }} as business_date,
        {{ local_date('first_touch_at') }} as first_touch_date,
        {{ local_date('qualified_at') }} as qualified_date,
        {{ local_date('converted_at') }} as converted_date,
        account_id,
        opportunity_id,
        lost_reason,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['lead_id']) }} as natural_key,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(['source_system', 'lead_id'], 'state') }} as version_status
    from {{ ref('stg_crm__leads') }}
)

select
    lead_id,
    created_at,
    business_date as created_date,
    source,
    owner_rep_code,
    campaign_id,
    status,
    case when first_touch_date <= {{ as_of() }} then first_touch_at end
        as first_touch_at,
    case when qualified_date <= {{ as_of() }} then qualified_date end as qualified_date,
    case when converted_date <= {{ as_of() }} then converted_date end as converted_date,
    account_id,
    opportunity_id,
    lost_reason,
    {{ judged_columns('crm__leads') }}
from landed
