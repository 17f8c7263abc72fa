{#- Grain: channel x fiscal month in which a known master customer placed its first
    order, or in which such a customer of that month bought. New customers and their
    margin of twelve months stand in the channel of the first order, their net revenue
    of the month in the channel in which they bought. -#}
with months as (
    select
        fiscal_month,
        month_index
    from {{ ref('int_fiscal_months_listed') }}
),

firsts as (
    select distinct
        master_customer_code,
        first_channel_code,
        cohort_no
    from {{ ref('int_cohort_members_followed') }}
    where cohort_type = 'month'
),

days as (
    select
        summed.master_customer_code,
        months.month_index,
        summed.line_count,
        summed.costed_line_count,
        summed.gross_margin_amount
    from {{ ref('int_customer_days_summed') }} as summed
    inner join months on summed.fiscal_month = months.fiscal_month
),

customers as (
    select
        firsts.master_customer_code,
        firsts.first_channel_code,
        firsts.cohort_no,
        sum(days.line_count) as line_count,
        sum(days.costed_line_count) as costed_line_count,
        sum(days.gross_margin_amount) as gross_margin_amount
    from firsts
    inner join days
        on
            firsts.master_customer_code = days.master_customer_code
            and firsts.cohort_no <= days.month_index
            and firsts.cohort_no + 12 > days.month_index
    group by firsts.master_customer_code, firsts.first_channel_code, firsts.cohort_no
),

counted as (
    select
        first_channel_code as channel_code,
        cohort_no as month_index,
        count(*) as new_customer_count,
        sum(line_count) as line_count,
        sum(costed_line_count) as costed_line_count,
        sum(gross_margin_amount) as gross_margin_amount
    from customers
    group by first_channel_code, cohort_no
),

sold as (
    select
        signed.channel_code,
        months.month_index,
        sum(signed.net_revenue) as net_revenue
    from {{ ref('int_sales_lines_signed') }} as signed
    inner join months on signed.fiscal_month = months.fiscal_month
    inner join firsts
        on
            signed.master_customer_code = firsts.master_customer_code
            and months.month_index = firsts.cohort_no
    group by signed.channel_code, months.month_index
)

select
    coalesce(counted.channel_code, sold.channel_code) as channel_code,
    months.fiscal_month,
    coalesce(counted.new_customer_count, 0) as new_customer_count,
    coalesce(sold.net_revenue, 0) as new_customer_net_revenue,
    case
        when counted.costed_line_count > 0 or coalesce(counted.line_count, 0) = 0
            then coalesce(counted.gross_margin_amount, 0)
    end as new_customer_margin
from counted
full outer join sold
    on
        counted.channel_code = sold.channel_code
        and counted.month_index = sold.month_index
inner join months
    on coalesce(counted.month_index, sold.month_index) = months.month_index
