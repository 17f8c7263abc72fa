{#- Grain: quota of one owner, interval [valid_from, valid_to), metric and version.
    Never add versions, nor owners of different levels, nor metrics. A quota holds for
    its interval, not for a label. Amounts in the reporting currency are at the plan
    rate (E4). -#}

select
    {{ surrogate_key([
        'source_system', 'owner_type', 'owner_code', 'valid_from', 'metric', 'version'
    ]) }} as quota_key,
    source_system,
    row_id,
    owner_type,
    owner_code,
    valid_from,
    valid_to,
    metric,
    version,
    is_current_version,
    amount,
    currency,
    '{{ var("reporting_currency") }}' as reporting_currency,
    fx_rate,
    {{ times('amount', 'fx_rate') }} as amount_reporting,
    cast({{ days_between('valid_from', 'valid_to') }} as bigint) as interval_days,
    over_assignment_share
from {{ ref('int_quotas_judged') }}
where verdict = 'accepted'
