{#- Grain: rep x team x fiscal month with a deal won. K13 median of whole days,
    exact. -#}
with deals as (
    select
        opportunity_key,
        coalesce(owner_rep_code, {{ none_code() }}) as rep_code,
        team_code,
        {{ fiscal_month('closed_date') }} as fiscal_month,
        cycle_days
    from {{ ref('fct_opportunity') }}
    where state = 'won' and cycle_days is not null
),

ranked as (
    select
        rep_code,
        team_code,
        fiscal_month,
        cycle_days,
        row_number() over (
            partition by rep_code, team_code, fiscal_month
            order by cycle_days nulls last, opportunity_key nulls last
        ) as rank_no,
        count(*) over (partition by rep_code, team_code, fiscal_month) as rank_count
    from deals
)

select
    rep_code,
    team_code,
    fiscal_month,
    {{ middle_of('cycle_days') }} as sales_cycle_median_days
from ranked
where {{ is_middle_rank() }}
group by rep_code, team_code, fiscal_month
