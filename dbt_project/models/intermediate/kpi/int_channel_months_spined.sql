{#- Grain: channel x fiscal month, without gap from the channel's first to its last
    month with a sale, a return, a cost or commission; the channel's attributes as valid
    on the day the month is judged. -#}
with lines as (
    select distinct
        channel_code,
        fiscal_month
    from {{ ref('int_sales_lines_signed') }}
),

costs as (
    select
        channel_code,
        fiscal_month
    from {{ ref('int_channel_months_costed') }}
),

months as (
    select
        fiscal_month,
        month_index,
        judged_date
    from {{ ref('int_fiscal_months_listed') }}
),

channels as (
    select
        channel_code,
        channel_name,
        channel_type,
        parent_channel_code,
        match_from,
        valid_to
    from {{ ref('dim_channel') }}
),

active_months as (
    select
        active.channel_code,
        min(months.month_index) as first_month_index,
        max(months.month_index) as last_month_index
    from (
        select
            channel_code,
            fiscal_month
        from lines
        union
        select
            channel_code,
            fiscal_month
        from costs
    ) as active
    inner join months on active.fiscal_month = months.fiscal_month
    group by active.channel_code
),

spine as (
    select
        active_months.channel_code,
        months.fiscal_month,
        months.month_index,
        months.judged_date
    from active_months
    inner join months
        on
            active_months.first_month_index <= months.month_index
            and active_months.last_month_index >= months.month_index
)

select
    spine.channel_code,
    spine.fiscal_month,
    spine.month_index,
    channels.channel_name,
    channels.channel_type,
    channels.parent_channel_code
from spine
left join channels
    on
        spine.channel_code = channels.channel_code
        and spine.judged_date >= channels.match_from
        and spine.judged_date < channels.valid_to
