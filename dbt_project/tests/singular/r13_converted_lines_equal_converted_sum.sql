{{ config(meta={'rule': 'R13'}) }}
{#- Per currency and rate day, at most half a unit of 0.0001 for each line. -#}

select
    currency || '|' || cast(original_business_date as string) as failing_key,
    sum(net_amount_reporting) as line_sum,
    sum(net_amount) * max(fx_rate) as converted_sum,
    count(*) as line_count
from {{ ref('fct_order_line') }}
group by currency, original_business_date
having
    abs(
        sum(net_amount_reporting)
        - cast(sum(net_amount) * max(fx_rate) as decimal(38, 8))
    )
    > cast(0.00005 as decimal(9, 8)) * count(*) + cast(0.00000001 as decimal(9, 8))
