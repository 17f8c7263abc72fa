{#- Grain: owner on its last day x fiscal quarter that is over, with an open deal then.
    A deal slipped if it was expected within the quarter at the end of some day since the
    one before its last ten, and is expected after the quarter at its end. A deal whose
    expected close is not known on one of those days is counted as unknown alone. -#}
with quarters as (
    select
        fiscal_quarter,
        quarter_end_date,
        before_last_days_date
    from {{ ref('int_quarters_bounded') }}
    where is_over
),

days as (
    select
        {{ fiscal_quarter('snapshot_date') }} as fiscal_quarter,
        snapshot_date,
        opportunity_key,
        coalesce(owner_rep_code, {{ unknown_code() }}) as owner_rep_code,
        expected_close_date,
        amount_reporting
    from {{ ref('snap_opportunity_day') }}
    where state = 'open'
),

followed as (
    select
        days.fiscal_quarter,
        days.opportunity_key,
        max(
            case
                when days.snapshot_date = quarters.quarter_end_date
                    then days.owner_rep_code
            end
        ) as rep_code,
        max(
            case
                when days.snapshot_date = quarters.quarter_end_date
                    then days.amount_reporting
            end
        ) as amount_reporting,
        max(
            case
                when
                    days.snapshot_date = quarters.quarter_end_date
                    and days.expected_close_date > quarters.quarter_end_date
                    then 1
                else 0
            end
        ) as is_late,
        max(
            case
                when
                    days.snapshot_date < quarters.quarter_end_date
                    and days.expected_close_date <= quarters.quarter_end_date
                    then 1
                else 0
            end
        ) as was_due,
        max(case when days.expected_close_date is null then 1 else 0 end) as is_unknown
    from days
    inner join quarters on days.fiscal_quarter = quarters.fiscal_quarter
    where days.snapshot_date >= quarters.before_last_days_date
    group by days.fiscal_quarter, days.opportunity_key
)

select
    rep_code,
    fiscal_quarter,
    sum(1 - is_unknown) as open_deal_count,
    sum(is_unknown) as unknown_deal_count,
    sum((1 - is_unknown) * is_late * was_due) as pushed_deal_count,
    coalesce(sum((1 - is_unknown) * is_late * was_due * amount_reporting), 0)
        as pushed_deal_amount
from followed
where rep_code is not null
group by rep_code, fiscal_quarter
