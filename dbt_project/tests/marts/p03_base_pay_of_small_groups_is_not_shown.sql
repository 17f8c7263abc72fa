{{ config(meta={'rule': 'P03'}) }}
{#- Where pay with base pay is to be seen, at least five people have base pay. -#}

with members as (
    select
        rep_code,
        team_code,
        fiscal_month
    from {{ ref('int_rep_months_salaried') }}
    where team_code not in ({{ none_code() }}, {{ unknown_code() }})
    union all
    select
        rep_code,
        {{ all_code() }} as team_code,
        fiscal_month
    from {{ ref('int_rep_months_salaried') }}
    where team_code not in ({{ none_code() }}, {{ unknown_code() }})
)

select
    shown.team_code || '|' || shown.fiscal_month as failing_key,
    count(distinct members.rep_code) as member_count
from {{ ref('mart_team_productivity') }} as shown
left join members
    on
        shown.team_code = members.team_code
        and shown.fiscal_month = members.fiscal_month
where
    shown.commission_cost_with_base_pay_numerator is not null
    or shown.commission_cost_with_base_pay_denominator is not null
    or shown.base_pay_rep_count is not null
    or shown.commission_cost_with_base_pay_status in ('ok', 'partial')
group by shown.team_code, shown.fiscal_month
having count(distinct members.rep_code) < 5
