{#- Grain: rep x team x fiscal month of reps who owned a customer twelve months before.
    Sums of the retention parts (K22, K24) of the customers owned then, in the rep's
    team on the day judged now. -#}
with retained as (
    select
        master_customer_code,
        fiscal_month,
        logo_retention_numerator,
        logo_retention_denominator,
        net_retention_numerator,
        revenue_retention_denominator
    from {{ ref('int_customer_months_retained') }}
    where retention_status in ('ok', 'partial')
),

months as (
    select
        fiscal_month,
        month_index,
        judged_date
    from {{ ref('int_fiscal_months_listed') }}
),

owners as (
    select
        master_customer_code,
        month_index,
        owner_rep_code
    from {{ ref('int_customer_months_described') }}
    where owner_rep_code is not null
),

teams as (
    select
        rep_code,
        team_code,
        match_from,
        valid_to
    from {{ ref('int_rep_roles_started') }}
)

select
    owners.owner_rep_code as rep_code,
    coalesce(teams.team_code, {{ unknown_code() }}) as team_code,
    retained.fiscal_month,
    sum(retained.logo_retention_numerator) as logo_retention_numerator,
    sum(retained.logo_retention_denominator) as logo_retention_denominator,
    sum(retained.net_retention_numerator) as net_retention_numerator,
    sum(retained.revenue_retention_denominator) as net_retention_denominator
from retained
inner join months on retained.fiscal_month = months.fiscal_month
inner join owners
    on
        retained.master_customer_code = owners.master_customer_code
        and months.month_index - 12 = owners.month_index
left join teams
    on
        owners.owner_rep_code = teams.rep_code
        and {{ version_on('teams', 'months.judged_date') }}
group by
    owners.owner_rep_code,
    coalesce(teams.team_code, {{ unknown_code() }}),
    retained.fiscal_month
