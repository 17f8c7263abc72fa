{#- Grain: case of customer service, as it stood at as_of (accumulating snapshot).
    reply_days and resolution_days only of answered and closed cases: biased to short
    while others are open. Rep and team are those of the opening day. Source:
    crm.customer_cases. -#}

with cases as (
    select
        source_system,
        case_id,
        row_id,
        account_id,
        case_type,
        severity,
        rep_code,
        order_id,
        opened_at,
        first_reply_at,
        business_date,
        {{ local_date('reply_due_at') }} as reply_due_date,
        {{ local_date('first_reply_at') }} as first_reply_date,
        {{ local_date('closed_at') }} as closed_date,
        reopened_count
    from {{ ref('int_customer_cases_judged') }}
    where verdict = 'accepted'
),

accounts as (
    select
        source_system,
        code,
        member_source_system,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
)

select
    {{ surrogate_key(['cases.source_system', 'cases.case_id']) }} as case_key,
    cases.source_system,
    cases.row_id,
    cases.case_id,
    cases.account_id as customer_code,
    coalesce(accounts.master_code, {{ unknown_code() }}) as master_customer_code,
    coalesce(customers.customer_key, '-1') as customer_key,
    cases.case_type,
    cases.severity,
    coalesce(cases.rep_code, {{ none_code() }}) as rep_code,
    coalesce(reps.rep_key, case when cases.rep_code is null then '0' else '-1' end)
        as rep_key,
    coalesce(
        reps.team_code,
        case
            when cases.rep_code is null then {{ none_code() }} else {{ unknown_code() }}
        end
    ) as team_code,
    cases.order_id,
    cases.business_date as opened_date,
    {{ fiscal_month('cases.business_date') }} as fiscal_month,
    cases.reply_due_date,
    cases.first_reply_date,
    cases.closed_date,
    cases.closed_date is null as is_open,
    {{ days_between('cases.business_date', 'cases.first_reply_date') }} as reply_days,
    {{ days_between('cases.business_date', 'cases.closed_date') }} as resolution_days,
    coalesce(cases.reopened_count, 0) as reopened_count
from cases
left join accounts
    on
        cases.source_system = accounts.source_system
        and cases.account_id = accounts.code
left join {{ ref('dim_customer') }} as customers
    on
        accounts.member_source_system = customers.source_system
        and accounts.code = customers.customer_code
        and {{ version_on('customers', 'cases.business_date') }}
left join {{ ref('dim_sales_rep') }} as reps
    on
        cases.rep_code = reps.rep_code
        and {{ version_on('reps', 'cases.business_date') }}
