{#- Grain: quota of one owner, interval [valid_from, valid_to), metric and version.
    Never add versions, nor owners of different levels, nor metrics. A quota holds for
    its interval, not for a label; a later version takes its own days from an earlier
    one: held_days are those that are left of the interval. Amounts in the reporting
    currency are at the plan rate (E4). -#}

with held as (
    select
        row_id,
        sum({{ days_between('held_from', 'held_to') }}) as held_days
    from {{ ref('int_quotas_held') }}
    group by row_id
)

select
    {{ surrogate_key([
        'judged.source_system', 'judged.owner_type', 'judged.owner_code',
        'judged.valid_from', 'judged.metric', 'judged.version'
    ]) }} as quota_key,
    judged.source_system,
    judged.row_id,
    judged.owner_type,
    judged.owner_code,
    judged.valid_from,
    judged.valid_to,
    judged.metric,
    judged.version,
    held.held_days is not null as is_current_version,
    judged.amount,
    judged.currency,
    '{{ var("reporting_currency") }}' as reporting_currency,
    judged.fx_rate,
    {{ times('judged.amount', 'judged.fx_rate') }} as amount_reporting,
    cast({{ days_between('judged.valid_from', 'judged.valid_to') }} as bigint)
        as interval_days,
    judged.over_assignment_share,
    judged.version_order,
    cast(coalesce(held.held_days, 0) as bigint) as held_days
from {{ ref('int_quotas_judged') }} as judged
left join held on judged.row_id = held.row_id
where judged.verdict = 'accepted'
