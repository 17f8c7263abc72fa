{#- One landed explicit credit and its verdict. Rows of one order (or line) and credit
    type with the same edited_at are one version of the split. Primary shares of a
    version must sum to exactly 1, a sourcing partner has all or nothing, else all rows
    of the version are held (T17): the version before, or the next rule, stands. The
    first version holds from the start, a later one from its edit on. -#}

with landed as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        line_id,
        credit_type,
        payee_code,
        share,
        reason_code,
        coalesce({{ local_date('edited_at') }}, {{ first_day_of_time() }})
            as edited_date,
        coalesce(cast(edited_at as string), '') as version_at,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key([
            'order_id', 'line_id', 'credit_type', 'payee_code', 'edited_at'
        ]) }} as natural_key,
        {{ version_status(
            [
                'source_system', 'order_id', 'line_id', 'credit_type', 'payee_code',
                'edited_at'
            ],
            'event'
        ) }} as version_status
    from {{ ref('stg_orders__order_credits') }}
),

summed as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        line_id,
        credit_type,
        payee_code,
        share,
        reason_code,
        edited_date,
        version_at,
        amount,
        currency,
        natural_key,
        version_status,
        case
            when
                version_at > min(version_at) over (
                    partition by source_system, order_id, line_id, credit_type
                )
                then edited_date
        end as business_date,
        sum(case when version_status = 'kept' then share else 0 end) over (
            partition by source_system, order_id, line_id, credit_type, version_at
        ) as share_sum
    from landed
),

checked as (
    select
        *,
        case
            when credit_type = 'rep_primary' and share_sum <> 1
                then 'primary shares sum to ' || cast(share_sum as string)
            when
                credit_type = 'partner_sourced'
                and (share_sum > 1 or share not in (0, 1))
                then 'a sourcing partner has the whole order or nothing'
        end as held_reason
    from summed
),

ruled as (
    select
        *,
        case when held_reason is not null then 'T17' end as held_rule
    from checked
)

select
    order_id,
    line_id,
    credit_type,
    payee_code,
    share,
    reason_code,
    version_at,
    edited_date,
    {{ judged_columns('orders__order_credits') }}
from ruled
