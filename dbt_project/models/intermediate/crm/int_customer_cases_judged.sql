{#- One landed case and its verdict; the newest extract holds. Days after as_of are not
    known yet: the case is as it stood at as_of. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        case_id,
        account_id,
        case_type,
        severity,
        rep_code,
        order_id,
        opened_at,
        reply_due_at,
        case
            when {{ local_date('first_reply_at') }} <= {{ as_of() }} then first_reply_at
        end as first_reply_at,
        case
            when {{ local_date('closed_at') }} <= {{ as_of() }} then closed_at
        end as closed_at,
        reopened_count,
        {{ local_date('opened_at') }} as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['case_id']) }} as natural_key,
        cast(null as string) as held_rule,
        cast(null as string) as held_reason,
        {{ version_status(['source_system', 'case_id'], 'state') }} as version_status
    from {{ ref('stg_crm__customer_cases') }}
)

select
    case_id,
    account_id,
    case_type,
    severity,
    rep_code,
    order_id,
    opened_at,
    reply_due_at,
    first_reply_at,
    closed_at,
    reopened_count,
    business_date,
    {{ judged_columns('crm__customer_cases') }}
from landed
