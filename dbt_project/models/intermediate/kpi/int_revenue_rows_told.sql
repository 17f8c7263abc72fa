{{ config(materialized='view') }}
{#- Grain: fact x entity x fiscal month x side: the revenue rows of the carried release
    (told_before) and of this one. -#}

with before as (
    {{ revenue_rows(
        ref('stg_parent__fct_order'), ref('stg_parent__fct_order_line'),
        ref('stg_parent__fct_return_line'), ref('stg_parent__bridge_order_credit')
    ) }}
),

today as (
    {{ revenue_rows(
        ref('fct_order'), ref('fct_order_line'),
        ref('fct_return_line'), ref('bridge_order_credit')
    ) }}
)

select
    before.*,
    1 as is_before
from before
union all
select
    today.*,
    0 as is_before
from today
