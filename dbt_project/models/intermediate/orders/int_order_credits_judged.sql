{#- One landed explicit credit and its verdict. The primary shares of an order, or of a
    line that has its own, must sum to exactly 1, else all of them are held (T17) and
    the next rule finds the payee. -#}

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
        cast(null as date) as business_date,
        cast(null as decimal(18, 4)) as amount,
        cast(null as string) as currency,
        {{ natural_key(['order_id', 'line_id', 'credit_type', 'payee_code']) }}
            as natural_key,
        {{ version_status(
            ['source_system', 'order_id', 'line_id', 'credit_type', 'payee_code'],
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
        business_date,
        amount,
        currency,
        natural_key,
        version_status,
        sum(case when version_status = 'kept' then share else 0 end) over (
            partition by source_system, order_id, line_id, credit_type
        ) as share_sum
    from landed
),

ruled as (
    select
        source_system,
        row_id,
        extract_id,
        order_id,
        line_id,
        credit_type,
        payee_code,
        share,
        business_date,
        amount,
        currency,
        natural_key,
        version_status,
        share_sum,
        case
            when credit_type = 'rep_primary' and share_sum <> 1 then 'T17'
            when credit_type = 'partner_sourced' and share <> 1 then 'T17'
        end as held_rule,
        case
            when credit_type = 'rep_primary' and share_sum <> 1
                then 'primary shares sum to ' || cast(share_sum as string)
            when credit_type = 'partner_sourced' and share <> 1
                then 'a sourcing partner has the whole order or nothing'
        end as held_reason
    from summed
)

select
    order_id,
    line_id,
    credit_type,
    payee_code,
    share,
    {{ judged_columns('orders__order_credits') }}
from ruled
