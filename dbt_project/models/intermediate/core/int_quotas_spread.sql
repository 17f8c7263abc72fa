{#- Grain: quota x interval [valid_from, valid_to) of days on which it holds. A quota is
    spread over its whole interval, which weighs interval_weight: days that a later
    version took from it take their part of the amount with them. -#}
with quotas as (
    select
        quota_key,
        row_id,
        owner_type,
        owner_code,
        metric,
        amount_reporting,
        {{ season_days('valid_from', 'valid_to') }} as interval_weight
    from {{ ref('fct_quota') }}
),

held as (
    select
        row_id,
        held_from,
        held_to
    from {{ ref('int_quotas_held') }}
)

select
    quotas.quota_key,
    quotas.owner_type,
    quotas.owner_code,
    held.held_from as valid_from,
    held.held_to as valid_to,
    quotas.metric,
    quotas.amount_reporting,
    quotas.interval_weight
from quotas
inner join held on quotas.row_id = held.row_id
