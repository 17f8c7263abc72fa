{#- Grain: team (and (all)) x fiscal month in which a rep of it has base pay: pay, fixed
    and variable, and credited net revenue of exactly these reps; nobody of no known team.
    A rep of two teams counts once in (all) and once among the small teams. Hidden: macro
    is_group_hidden (P03); no_data: a rate is missing. -#}
with salaried as (
    select
        rep_code,
        team_code,
        fiscal_month,
        base_pay_amount
    from {{ ref('int_rep_months_salaried') }}
    where team_code not in ({{ none_code() }}, {{ unknown_code() }})
),

sold as (
    select
        rep_code,
        team_code,
        fiscal_month,
        credited_net_revenue,
        revenue_status
    from {{ ref('int_rep_months_sold') }}
),

paid as (
    select
        rep_code,
        team_code,
        fiscal_month,
        commission_accrued_amount
    from {{ ref('int_rep_months_paid') }}
),

members as (
    select
        salaried.rep_code,
        salaried.team_code,
        salaried.fiscal_month,
        salaried.base_pay_amount
        + coalesce(paid.commission_accrued_amount, 0) as pay_amount,
        sold.credited_net_revenue,
        sold.revenue_status
    from salaried
    inner join sold
        on
            salaried.rep_code = sold.rep_code
            and salaried.team_code = sold.team_code
            and salaried.fiscal_month = sold.fiscal_month
    left join paid
        on
            salaried.rep_code = paid.rep_code
            and salaried.team_code = paid.team_code
            and salaried.fiscal_month = paid.fiscal_month
),

grouped as (
    select * from members
    union all
    select
        rep_code,
        {{ all_code() }} as team_code,
        fiscal_month,
        pay_amount,
        credited_net_revenue,
        revenue_status
    from members
),

summed as (
    select
        team_code,
        fiscal_month,
        count(distinct rep_code) as member_count,
        count(distinct rep_code) < {{ definition('low_n') }} as is_small,
        sum(pay_amount) as pay_amount,
        sum(credited_net_revenue) as credited_net_revenue,
        count(*) - count(pay_amount) as unconverted_count,
        count(case when revenue_status <> 'ok' then 1 end) as partial_count
    from grouped
    group by team_code, fiscal_month
),

few as (
    select
        members.fiscal_month,
        count(distinct members.rep_code) as small_count
    from members
    inner join summed
        on
            members.team_code = summed.team_code
            and members.fiscal_month = summed.fiscal_month
    where summed.is_small
    group by members.fiscal_month
),

sized as (
    select
        summed.*,
        coalesce(few.small_count, 0) as small_count,
        {{ group_size_no('summed.fiscal_month') }} as size_no
    from summed
    left join few on summed.fiscal_month = few.fiscal_month
)

select
    sized.team_code,
    sized.fiscal_month,
    sized.member_count,
    sized.pay_amount,
    sized.credited_net_revenue,
    case
        when {{ is_group_hidden('sized') }} then 'suppressed'
        when sized.unconverted_count > 0 then 'no_data'
        when sized.partial_count > 0 then 'partial'
        else 'ok'
    end as pay_status
from sized
