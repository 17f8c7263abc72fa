{#- Grain: promotion of a rep. Not additive: grade_days is the time since the promotion
    before, else since the hire. Business rule: K71. Source: people.hr_events. -#}

with promotions as (
    select
        hr_event_key as promotion_key,
        source_system,
        row_id,
        rep_code,
        rep_key,
        team_code,
        business_date,
        fiscal_month,
        detail_code as grade_code,
        lag(business_date) over (
            partition by rep_code order by business_date nulls last, row_id nulls last
        ) as prior_date
    from {{ ref('fct_hr_event') }}
    where event_type = 'promotion'
),

hired as (
    select
        rep_code,
        min(hire_date) as hire_date
    from {{ ref('dim_sales_rep') }}
    group by rep_code
)

select
    promotions.promotion_key,
    promotions.source_system,
    promotions.row_id,
    promotions.rep_code,
    promotions.rep_key,
    promotions.team_code,
    promotions.business_date,
    promotions.fiscal_month,
    promotions.grade_code,
    cast(
        {{ days_between(
            'coalesce(promotions.prior_date, hired.hire_date)', 'promotions.business_date'
        ) }} as bigint
    ) as grade_days
from promotions
left join hired on promotions.rep_code = hired.rep_code
