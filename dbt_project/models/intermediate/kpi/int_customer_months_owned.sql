{#- Grain: master customer x fiscal month that has an owner on the day judged: the owner
    of the master's own account, of the first source by name; where that has none on
    the day, who took over one of the merged records last, then the first by account and
    source. Merged records with another owner stay in fct_customer_ownership. -#}
with spine as (
    select
        master_customer_code,
        fiscal_month,
        judged_date
    from {{ ref('int_customer_months_spined') }}
),

owners as (
    select
        source_system,
        customer_code,
        master_customer_code,
        customer_key,
        rep_code,
        valid_from,
        match_from,
        valid_to,
        case when customer_code = master_customer_code then source_system end
            as own_source_system
    from {{ ref('fct_customer_ownership') }}
    where role_code = 'owner'
),

accounts as (
    select
        customer_key,
        created_date
    from {{ ref('dim_customer') }}
),

ranked as (
    select
        spine.master_customer_code,
        spine.fiscal_month,
        owners.customer_key,
        owners.rep_code,
        owners.valid_from,
        row_number() over (
            partition by spine.master_customer_code, spine.fiscal_month
            order by
                owners.own_source_system asc nulls last,
                owners.valid_from desc nulls last,
                owners.customer_code asc nulls last,
                owners.source_system asc nulls last
        ) as owner_rank
    from spine
    inner join owners
        on
            spine.master_customer_code = owners.master_customer_code
            and {{ version_on('owners', 'spine.judged_date') }}
)

select
    ranked.master_customer_code,
    ranked.fiscal_month,
    ranked.rep_code as owner_rep_code,
    case
        when ranked.valid_from > {{ first_day_of_time() }} then ranked.valid_from
        else accounts.created_date
    end as owner_since_date
from ranked
left join accounts on ranked.customer_key = accounts.customer_key
where ranked.owner_rank = 1
