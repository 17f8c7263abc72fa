{{ config(meta={'rule': 'P03'}) }}
{#- A correlation about fewer than five people is not there and says suppressed. -#}

select
    role_code || '|' || fiscal_quarter as failing_key,
    member_count
from {{ ref('mart_pay_performance') }}
where
    member_count < 5
    and (
        pay_performance_correlation is not null
        or pay_performance_status <> 'suppressed'
    )
