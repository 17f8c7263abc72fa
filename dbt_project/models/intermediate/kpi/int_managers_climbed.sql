{#- Grain: rep x manager above at any depth (the rep at depth 0) x interval in which
    every version on the way holds. Eight levels: deeper is no hierarchy (D05). -#}

{{ ancestors_dated(ref('dim_sales_rep'), 'rep_code', 'manager_code', 8) }}
