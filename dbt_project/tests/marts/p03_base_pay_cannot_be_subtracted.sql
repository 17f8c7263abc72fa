{{ config(meta={'rule': 'P03'}) }}
{#- Where a month shows the company's pay with base pay, the people of the teams that it
    does not show are five or more, or nobody: the difference must not tell of fewer. -#}

with rows_shown as (
    select
        team_code,
        fiscal_month
    from {{ ref('mart_team_productivity') }}
    where commission_cost_with_base_pay_status in ('ok', 'partial')
)

select
    wholes.fiscal_month as failing_key,
    count(distinct members.rep_code) as hidden_count
from rows_shown as wholes
inner join {{ ref('int_rep_months_salaried') }} as members
    on wholes.fiscal_month = members.fiscal_month
left join rows_shown as parts
    on
        members.team_code = parts.team_code
        and members.fiscal_month = parts.fiscal_month
where
    wholes.team_code = {{ all_code() }}
    and members.team_code not in ({{ none_code() }}, {{ unknown_code() }})
    and parts.team_code is null
group by wholes.fiscal_month
having count(distinct members.rep_code) < 5
