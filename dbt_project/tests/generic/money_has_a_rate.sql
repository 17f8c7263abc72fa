{#- Every row with an amount has a rate above 0, and 1 where nothing is converted. -#}
{% test money_has_a_rate(model, key, amount) %}
select
    {{ key }} as failing_key,
    currency,
    fx_rate
from {{ model }}
where
    {{ amount }} is not null
    and (
        fx_rate is null
        or fx_rate <= 0
        or (currency = reporting_currency and fx_rate <> 1)
    )
{% endtest %}
