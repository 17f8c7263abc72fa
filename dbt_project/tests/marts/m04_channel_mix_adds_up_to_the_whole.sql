{{ config(meta={'rule': 'M04'}) }}
{#- Per month and currency: the numerators of the mix add up to its denominator. -#}

with mart as (
    select
        fiscal_month,
        reporting_currency,
        channel_mix_numerator,
        channel_mix_denominator
    from {{ ref('mart_channel_performance') }}
)

select
    fiscal_month || '|' || reporting_currency as failing_key,
    sum(channel_mix_numerator) as mix_total,
    min(channel_mix_denominator) as least_denominator,
    max(channel_mix_denominator) as most_denominator
from mart
group by fiscal_month, reporting_currency
having
    sum(channel_mix_numerator) <> min(channel_mix_denominator)
    or min(channel_mix_denominator) <> max(channel_mix_denominator)
