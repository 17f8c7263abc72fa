{{ config(meta={'rule': 'R04'}) }}
{#- K20 by type and week, summed over a rep's month, is that of the scorecard: parts of
    no old enough week are NULL on both sides, which is another thing than zero. The
    scorecard begins with the first month of sales; a CRM may remember more. -#}
with monthly as (
    select
        rep_code,
        team_code,
        fiscal_month,
        activity_conversion_numerator as numerator,
        activity_conversion_denominator as denominator
    from {{ ref('mart_rep_scorecard') }}
),

months as (
    select distinct fiscal_month
    from monthly
),

weekly as (
    select
        touches.rep_code,
        touches.team_code,
        touches.fiscal_month,
        sum(touches.activity_conversion_numerator) as numerator,
        sum(touches.activity_conversion_denominator) as denominator
    from {{ ref('mart_touch_conversion') }} as touches
    inner join months on touches.fiscal_month = months.fiscal_month
    group by touches.rep_code, touches.team_code, touches.fiscal_month
)

select
    {{ natural_key([
        'coalesce(weekly.rep_code, monthly.rep_code)',
        'coalesce(weekly.team_code, monthly.team_code)',
        'coalesce(weekly.fiscal_month, monthly.fiscal_month)',
    ]) }} as failing_key,
    weekly.numerator,
    monthly.numerator as scorecard_numerator,
    weekly.denominator,
    monthly.denominator as scorecard_denominator
from weekly
full outer join monthly
    on
        weekly.rep_code = monthly.rep_code
        and weekly.team_code = monthly.team_code
        and weekly.fiscal_month = monthly.fiscal_month
where
    weekly.numerator is distinct from monthly.numerator
    or weekly.denominator is distinct from monthly.denominator
