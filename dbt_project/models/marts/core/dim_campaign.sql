{#- Grain: one campaign that has begun by as_of; rows '0' and '-1'. valid_to is
    exclusive, 9999-12-31 while open. Not additive: cost_amount is in the campaign's currency.
    Source: crm.campaigns. -#}

with campaigns as (
    select
        source_system,
        row_id,
        campaign_id,
        name,
        channel_code,
        valid_from,
        valid_to,
        amount,
        currency
    from {{ ref('int_campaigns_judged') }}
    where verdict = 'accepted'
)

select
    {{ surrogate_key(['source_system', 'campaign_id']) }} as campaign_key,
    campaign_id,
    source_system,
    name as campaign_name,
    coalesce(channel_code, {{ none_code() }}) as channel_code,
    valid_from,
    coalesce({{ add_days('valid_to', 1) }}, {{ last_day_of_time() }}) as valid_to,
    coalesce(valid_to >= {{ as_of() }}, true) as is_current,
    amount as cost_amount,
    currency,
    row_id
from campaigns
{{ fixed_rows([
    'key', 'code', 'cast(null as string)', 'code', 'code', first_day_of_time(),
    last_day_of_time(), 'true', 'cast(null as decimal(18, 4))',
    'cast(null as string)', 'cast(null as string)'
]) }}
