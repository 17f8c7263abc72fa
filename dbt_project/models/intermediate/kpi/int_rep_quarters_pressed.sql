{#- Grain: rep x fiscal quarter with a primary credit posted in it. net_revenue is K02
    of the quarter; late_ is what of it was ordered in the quarter's period end (returns
    and edits of those orders posted in the quarter included), early_ on earlier days.
    K06 leaves free goods out. Orders are those placed in the quarter that still stand. -#}
with quarters as (
    select
        fiscal_quarter,
        quarter_start_date,
        quarter_end_date,
        period_end_start_date
    from {{ ref('int_quarters_bounded') }}
),

credits as (
    select
        payee_code,
        {{ fiscal_quarter('business_date') }} as fiscal_quarter,
        source_system,
        order_id,
        credit_date,
        fact_type,
        fact_key,
        case when entry_no > 1 then -share else share end as share,
        gross_amount_reporting,
        discount_amount_reporting,
        net_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where is_revenue_line and credit_type = 'rep_primary'
),

charged as (
    select order_line_key
    from {{ ref('fct_order_line') }}
    where is_revenue_line and net_amount <> 0
),

placed as (
    select
        credits.*,
        charged.order_line_key is not null as is_charged,
        credits.credit_date between quarters.period_end_start_date
        and quarters.quarter_end_date as is_late,
        credits.credit_date >= quarters.quarter_start_date
        and credits.credit_date < quarters.period_end_start_date as is_early
    from credits
    inner join quarters on credits.fiscal_quarter = quarters.fiscal_quarter
    left join charged on credits.fact_key = charged.order_line_key
),

by_order as (
    select
        payee_code,
        fiscal_quarter,
        source_system,
        order_id,
        is_late,
        is_early,
        sum(net_amount_reporting) as net_amount,
        coalesce(sum(net_amount_reporting) filter (where fact_type = 'return_line'), 0)
            as returned_amount,
        coalesce(sum(gross_amount_reporting) filter (where is_charged), 0)
            as charged_gross_amount,
        coalesce(sum(discount_amount_reporting) filter (where is_charged), 0)
            as charged_discount_amount,
        case
            when sum(case when fact_type = 'order_line' then share else 0 end) > 0
                then 1
            else 0
        end as is_standing
    from placed
    group by
        payee_code, fiscal_quarter, source_system, order_id, is_late, is_early
)

select
    payee_code as rep_code,
    fiscal_quarter,
    sum(case when is_late or is_early then is_standing else 0 end) as order_count,
    sum(case when is_late then is_standing else 0 end) as late_order_count,
    sum(net_amount) as net_revenue,
    sum(case when is_late then net_amount else 0 end) as late_net_revenue,
    -sum(case when is_late then returned_amount else 0 end) as late_return_amount,
    sum(case when is_late then charged_gross_amount else 0 end) as late_gross_revenue,
    sum(case when is_late then charged_discount_amount else 0 end)
        as late_discount_amount,
    sum(case when is_early then charged_gross_amount else 0 end)
        as early_gross_revenue,
    sum(case when is_early then charged_discount_amount else 0 end)
        as early_discount_amount
from by_order
group by payee_code, fiscal_quarter
