{#- Grain: team x pipeline x fiscal quarter (numbered) with a deal closed in one of the
    four fiscal quarters before it. Parts of K15: won of closed (K11), won amount of deals
    with one, cycle days (K13). Abandoned is lost, merged is out; team of the close
    date. -#}
with closed as (
    select
        team_code,
        coalesce(pipeline, {{ none_code() }}) as pipeline_code,
        cast({{ fiscal_quarter_no('closed_date') }} as bigint) as closed_quarter_no,
        state = 'won' as is_won,
        amount_reporting,
        cycle_days
    from {{ ref('fct_opportunity') }}
    where state in ('won', 'lost', 'abandoned')
),

later_quarters as (
    {%- for step in range(1, 5) %}
        select {{ step }} as step{{ ' union all' if not loop.last }}
    {%- endfor %}
)

select
    closed.team_code,
    closed.pipeline_code,
    closed.closed_quarter_no + later_quarters.step as quarter_no,
    sum(case when closed.is_won then 1 else 0 end) as won_count,
    count(*) as closed_count,
    coalesce(sum(case when closed.is_won then closed.amount_reporting end), 0)
        as won_amount_sum,
    count(case when closed.is_won then closed.amount_reporting end) as won_amount_count,
    coalesce(sum(case when closed.is_won then closed.cycle_days end), 0)
        as cycle_days_sum
from closed
cross join later_quarters
group by
    closed.team_code,
    closed.pipeline_code,
    closed.closed_quarter_no + later_quarters.step
