{#- Grain: rep x team x fiscal month of reps on duty in a team: net revenue, attainment
    and win rate beside those of the team's members of that month (peers, the rep
    included) who have a value. Percentile: peers with no more than the rep / peers. -#}
{%- set measures = ['net_revenue', 'attainment', 'win_rate'] %}

with sold as (
    select
        rep_code,
        team_code,
        fiscal_month,
        credited_net_revenue,
        {{ safe_ratio('attainment_numerator', 'quota_amount') }} as attainment
    from {{ ref('int_rep_months_sold') }}
    where
        active_day_count > 0
        and rep_code not in ({{ none_code() }}, {{ unknown_code() }})
        and team_code not in ({{ none_code() }}, {{ unknown_code() }})
),

valued as (
    select
        sold.rep_code,
        sold.team_code,
        sold.fiscal_month,
        cast(sold.credited_net_revenue as decimal(28, 8)) as net_revenue,
        cast(sold.attainment as decimal(28, 8)) as attainment,
        cast(
            {{ safe_ratio(
                'worked.won_count', '(worked.won_count + worked.lost_count)'
            ) }}
            as decimal(28, 8)
        ) as win_rate
    from sold
    inner join {{ ref('int_rep_months_worked') }} as worked
        on
            sold.rep_code = worked.rep_code
            and sold.team_code = worked.team_code
            and sold.fiscal_month = worked.fiscal_month
),

measured as (
    {%- for measure in measures %}
        select
            rep_code,
            team_code,
            fiscal_month,
            '{{ measure }}' as measure,
            {{ measure }} as measured_value
        from valued
        where {{ measure }} is not null
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

ranked as (
    select
        rep_code,
        team_code,
        fiscal_month,
        measure,
        measured_value,
        count(*) over (partition by team_code, fiscal_month, measure) as rank_count,
        row_number() over (
            partition by team_code, fiscal_month, measure
            order by measured_value nulls last, rep_code nulls last
        ) as rank_no
    from measured
),

middles as (
    select
        team_code,
        fiscal_month,
        measure,
        cast(sum(measured_value) as decimal(28, 8)) as middle_sum,
        count(*) as middle_count
    from ranked
    where {{ is_middle_rank() }}
    group by team_code, fiscal_month, measure
),

reached as (
    select
        team_code,
        fiscal_month,
        measure,
        measured_value,
        max(rank_no) as reached_count
    from ranked
    group by team_code, fiscal_month, measure, measured_value
),

compared as (
    select
        ranked.rep_code,
        ranked.team_code,
        ranked.fiscal_month,
        ranked.measure,
        ranked.rank_count as peer_count,
        reached.reached_count,
        case
            when middles.middle_count = 1 then middles.middle_sum
            else cast(middles.middle_sum * cast(0.5 as decimal(2, 1)) as decimal(28, 8))
        end as team_median
    from ranked
    inner join middles
        on
            ranked.team_code = middles.team_code
            and ranked.fiscal_month = middles.fiscal_month
            and ranked.measure = middles.measure
    inner join reached
        on
            ranked.team_code = reached.team_code
            and ranked.fiscal_month = reached.fiscal_month
            and ranked.measure = reached.measure
            and ranked.measured_value = reached.measured_value
)

select
    rep_code,
    team_code,
    fiscal_month,
{%- for measure in measures %}
    max(case when measure = '{{ measure }}' then team_median end)
        as {{ measure }}_team_median,
    max(case when measure = '{{ measure }}' then reached_count end)
        as {{ measure }}_reached_count,
    max(case when measure = '{{ measure }}' then peer_count end)
        as {{ measure }}_peer_count{{ ',' if not loop.last }}
{%- endfor %}
from compared
group by rep_code, team_code, fiscal_month
