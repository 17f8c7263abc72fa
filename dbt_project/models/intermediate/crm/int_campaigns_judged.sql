{#- One landed campaign and its verdict. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        campaign_id,
        name,
        channel_code,
        valid_from,
        valid_to,
        valid_from as business_date,
        cost_amount as amount,
        currency,
        {{ natural_key(['campaign_id']) }} as natural_key,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(['source_system', 'campaign_id'], 'state') }}
            as version_status
    from {{ ref('stg_crm__campaigns') }}
)

select
    campaign_id,
    name,
    channel_code,
    valid_from,
    valid_to,
    {{ judged_columns('crm__campaigns') }}
from landed
