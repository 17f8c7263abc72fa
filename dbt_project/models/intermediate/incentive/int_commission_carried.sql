{#- Grain: row of the ledger that this release carries on, as it stands there. A ledger
    in another reporting currency is not carried on. -#}

select *
from {{ ref('stg_parent__fct_commission_accrual') }}
where reporting_currency = '{{ var("reporting_currency") }}'
