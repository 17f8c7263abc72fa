{#- Grain: event of a payee (credits of all kinds and cash) x period type: where the
    payee's credits of the period stand before and after it, and the highest they were
    before and after. NULL quota: no attainment. Rule: docs block incentive_ledger,
    section 3. -#}

with stream as (
    select
        event_key,
        payee_code,
        business_date,
        event_class,
        source_system,
        order_id,
        line_id,
        fact_type,
        return_id,
        return_line_id,
        credit_units
    from {{ ref('int_commission_events') }}
    union all
    select
        event_key,
        payee_code,
        business_date,
        event_class,
        source_system,
        order_id,
        line_id,
        fact_type,
        return_id,
        return_line_id,
        credit_units
    from {{ ref('int_commission_based') }}
    where event_class = 1
),

period_types as (
    select distinct
        rep_code,
        period_type
    from {{ ref('int_commission_terms') }}
),

quotas as (
    select
        rep_code,
        period_type,
        period_code,
        quota_units
    from {{ ref('int_commission_quotas') }}
    where quota_units > 0
),

numbered as (
    select
        stream.event_key,
        stream.payee_code,
        stream.business_date,
        stream.credit_units,
        row_number() over (
            partition by stream.payee_code
            order by
                stream.business_date nulls last,
                stream.event_class nulls last,
                stream.source_system nulls last,
                stream.order_id nulls last,
                stream.line_id nulls last,
                stream.fact_type nulls last,
                stream.return_id nulls last,
                stream.return_line_id nulls last,
                stream.event_key nulls last
        ) as event_no
    from stream
),

placed as (
    select
        numbered.event_key,
        numbered.payee_code,
        numbered.business_date,
        numbered.credit_units,
        numbered.event_no,
        period_types.period_type,
        {{ period_code('period_types.period_type', 'numbered.business_date') }}
            as period_code
    from numbered
    inner join period_types on numbered.payee_code = period_types.rep_code
),

summed as (
    select
        *,
        cast(sum(credit_units) over (
            partition by payee_code, period_type, period_code
            order by event_no nulls last
            rows between unbounded preceding and current row
        ) as bigint) as after_units
    from placed
),

highest as (
    select
        *,
        greatest(0, max(after_units) over (
            partition by payee_code, period_type, period_code
            order by event_no nulls last
            rows between unbounded preceding and current row
        )) as highest_after_units
    from summed
)

select
    highest.event_key,
    highest.payee_code,
    highest.business_date,
    highest.event_no,
    highest.period_type,
    highest.period_code,
    highest.after_units - highest.credit_units as before_units,
    highest.after_units,
    highest.highest_after_units,
    coalesce(lag(highest.highest_after_units) over (
        partition by highest.payee_code, highest.period_type, highest.period_code
        order by highest.event_no nulls last
    ), 0) as highest_before_units,
    quotas.quota_units
from highest
left join quotas
    on
        highest.payee_code = quotas.rep_code
        and highest.period_type = quotas.period_type
        and highest.period_code = quotas.period_code
