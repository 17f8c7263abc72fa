{#- Grain: known or unknown master customer x fiscal month with a sale in it or the
    eleven before. The channel and the product family with the largest net revenue
    there, ties to the lower code. -#}
with months as (
    select
        fiscal_month,
        month_index
    from {{ ref('int_fiscal_months_listed') }}
),

channels as (
    select
        master_customer_code,
        fiscal_month,
        channel_code,
        sum(net_revenue) as net_revenue
    from {{ ref('int_sales_lines_signed') }}
    group by master_customer_code, fiscal_month, channel_code
),

families as (
    select
        master_customer_code,
        fiscal_month,
        product_family_code,
        sum(net_revenue) as net_revenue
    from {{ ref('int_sales_lines_signed') }}
    group by master_customer_code, fiscal_month, product_family_code
),

tagged as (
    select
        channels.master_customer_code,
        months.month_index,
        'channel' as tag_kind,
        channels.channel_code as tag_code,
        channels.net_revenue
    from channels
    inner join months on channels.fiscal_month = months.fiscal_month
    union all
    select
        families.master_customer_code,
        months.month_index,
        'family' as tag_kind,
        families.product_family_code as tag_code,
        families.net_revenue
    from families
    inner join months on families.fiscal_month = months.fiscal_month
),

twelve_months as (
    select
        tagged.master_customer_code,
        months.month_index,
        tagged.tag_kind,
        tagged.tag_code,
        sum(tagged.net_revenue) as net_revenue
    from tagged
    inner join
        months
        on months.month_index between tagged.month_index and tagged.month_index + 11
    group by
        tagged.master_customer_code,
        months.month_index,
        tagged.tag_kind,
        tagged.tag_code
),

ranked as (
    select
        master_customer_code,
        month_index,
        tag_kind,
        tag_code,
        row_number() over (
            partition by master_customer_code, month_index, tag_kind
            order by net_revenue desc nulls last, tag_code asc nulls last
        ) as revenue_rank
    from twelve_months
)

select
    master_customer_code,
    month_index,
    max(case when tag_kind = 'channel' then tag_code end) as main_channel_code,
    max(case when tag_kind = 'family' then tag_code end) as top_product_family_code
from ranked
where revenue_rank = 1
group by master_customer_code, month_index
