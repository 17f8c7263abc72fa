{#- Grain: lead, in its state at as_of (accumulating snapshot).
    Rep and team are those of the day it was created. Source: crm.leads. -#}

with leads as (
    select
        source_system,
        lead_id,
        row_id,
        created_date,
        status,
        source,
        owner_rep_code,
        first_touch_at,
        created_at,
        qualified_date,
        converted_date,
        opportunity_id,
        account_id
    from {{ ref('int_leads_judged') }}
    where verdict = 'accepted'
),

accounts as (
    select
        source_system,
        code,
        master_code
    from {{ ref('int_members_resolved') }}
    where dimension = 'customer'
)

select
    {{ surrogate_key(['leads.source_system', 'leads.lead_id']) }} as lead_key,
    leads.source_system,
    leads.lead_id,
    leads.row_id,
    leads.created_date,
    {{ fiscal_month('leads.created_date') }} as fiscal_month,
    leads.status,
    leads.source as source_code,
    coalesce(leads.owner_rep_code, {{ none_code() }}) as owner_rep_code,
    coalesce(
        reps.rep_key, case when leads.owner_rep_code is null then '0' else '-1' end
    )
        as rep_key,
    coalesce(
        reps.team_code,
        case
            when leads.owner_rep_code is null then {{ none_code() }}
            else {{ unknown_code() }}
        end
    ) as team_code,
    leads.first_touch_at,
    leads.created_at,
    leads.qualified_date,
    leads.converted_date,
    leads.opportunity_id,
    coalesce(
        accounts.master_code,
        case
            when leads.account_id is null then {{ none_code() }}
            else {{ unknown_code() }}
        end
    ) as master_customer_code,
    leads.converted_date is not null as is_converted
from leads
left join {{ ref('dim_sales_rep') }} as reps
    on
        leads.owner_rep_code = reps.rep_code
        and {{ version_on('reps', 'leads.created_date') }}
left join accounts
    on
        leads.source_system = accounts.source_system
        and leads.account_id = accounts.code
