{{ config(meta={'rule': 'M15'}) }}
{#- Hours saved are an estimate: each stands beside the version of its assumption, and
    that version was approved. -#}

select
    rep_code || '|' || week as failing_key,
    hours_saved_assumption_version
from {{ ref('mart_crm_adoption') }}
where
    (
        follow_up_hours_saved_estimate is not null
        or order_entry_hours_saved_estimate is not null
    )
    and (
        hours_saved_assumption_version is null
        or hours_saved_assumption_version
        not in {{ text_list(definition('automation_minutes_approved')) }}
    )
