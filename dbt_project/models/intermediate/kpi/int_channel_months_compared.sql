{#- Grain: channel x fiscal month. Net revenue beside that of all channels, of the month
    before and of the same fiscal month a year before: 0 where the channel sold nothing
    then, NULL before the data. -#}
with measured as (
    select
        channel_code,
        fiscal_month,
        month_index,
        net_revenue
    from {{ ref('int_channel_months_measured') }}
),

months as (
    select
        month_index,
        full_month_count,
        sales_month_count
    from {{ ref('int_fiscal_months_listed') }}
),

totals as (
    select
        month_index,
        sum(net_revenue) as all_net_revenue
    from measured
    group by month_index
),

compared as (
    select
        measured.channel_code,
        measured.fiscal_month,
        measured.net_revenue,
        months.full_month_count,
        totals.all_net_revenue,
        prior_year_totals.all_net_revenue as prior_year_all_net_revenue,
        case
            when months.sales_month_count > 1
                then coalesce(prior_months.net_revenue, 0)
        end as prior_month_net_revenue,
        case
            when months.sales_month_count > 12
                then coalesce(prior_years.net_revenue, 0)
        end as prior_year_net_revenue
    from measured
    inner join months on measured.month_index = months.month_index
    inner join totals on measured.month_index = totals.month_index
    left join totals as prior_year_totals
        on measured.month_index - 12 = prior_year_totals.month_index
    left join measured as prior_months
        on
            measured.channel_code = prior_months.channel_code
            and measured.month_index - 1 = prior_months.month_index
    left join measured as prior_years
        on
            measured.channel_code = prior_years.channel_code
            and measured.month_index - 12 = prior_years.month_index
)

select
    channel_code,
    fiscal_month,
    all_net_revenue,
    case when prior_year_all_net_revenue is not null then prior_year_net_revenue end
        as prior_mix_net_revenue,
    prior_year_all_net_revenue,
    prior_month_net_revenue,
    prior_year_net_revenue,
    case
        when full_month_count > 1 and prior_month_net_revenue >= 0
            then net_revenue - prior_month_net_revenue
    end as growth_month_numerator,
    case
        when full_month_count > 1 and prior_month_net_revenue >= 0
            then prior_month_net_revenue
    end as growth_month_denominator,
    case
        when full_month_count > 12 and prior_year_net_revenue >= 0
            then net_revenue - prior_year_net_revenue
    end as growth_year_numerator,
    case
        when full_month_count > 12 and prior_year_net_revenue >= 0
            then prior_year_net_revenue
    end as growth_year_denominator
from compared
