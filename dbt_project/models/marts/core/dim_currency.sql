{#- Grain: one currency that some row or rate names; rows '0' and '-1'.
    minor_unit: decimal places of what is paid out in it. -#}

with named as (
    select currency_code
    from {{ ref('int_currencies_named') }}
)

select
    {{ surrogate_key(['currency_code']) }} as currency_key,
    currency_code,
    cast(
        case
            when currency_code in ('JPY', 'KRW', 'VND', 'CLP', 'ISK') then 0
            when currency_code in ('BHD', 'KWD', 'OMR', 'JOD', 'TND') then 3
            else 2
        end as bigint
    ) as minor_unit
from named
{{ fixed_rows(['key', 'code', 'cast(2 as bigint)']) }}
