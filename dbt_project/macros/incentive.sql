{#- Variable pay: amounts of the ledger and the order of its events (docs block incentive_ledger). -#}

{#- Whole units of a base times a rate, rounded half away from zero to the minor unit, as whole units.
    `factor`: units of 0.0001 in one minor unit. -#}
{% macro pay_units(base_units, rate, factor) -%}
    {{ rounded_div(
        wide_int(base_units) ~ ' * ' ~ rate_units(rate), '(100000000 * ' ~ factor ~ ')'
    ) }} * {{ factor }}
{%- endmacro %}

{#- Code of the fiscal month, quarter or year of `d`, as `period_type` says. -#}
{% macro period_code(period_type, d) -%}
    case {{ period_type }}
        when 'month' then {{ fiscal_month(d) }}
        when 'quarter' then {{ fiscal_quarter(d) }}
        else cast({{ fiscal_year(d) }} as string)
    end
{%- endmacro %}

{#- Why a row of the ledger comes late, in int_commission_differences: an entry that today's facts give otherwise or anew
    (entries), beside the carried ledger (told) and the lines and payees that it knew. -#}
{% macro cause_of_change() -%}
    case
        when told.entry_key is not null then 'rule_change'
        when entries.accrual_type in ('draw', 'forgiveness') then 'rule_change'
        when entries.accrual_type = 'payout' then 'late_payment'
        when known_lines.order_id is null then 'late_order'
        when entries.accrual_type = 'clawback' and entries.fact_type = 'return_line'
            then 'late_return'
        when
            entries.accrual_type in ('reserve', 'release')
            or entries.fact_type = 'payment' then 'late_payment'
        when
            entries.accrual_type = 'adjustment'
            or known_payees.order_id is not null then 'rule_change'
        else 'split_edit'
    end
{%- endmacro %}

{#- The same for an entry of the carried ledger that no fact gives any more, beside the lines and payees that are
    credited today. -#}
{% macro cause_of_absence() -%}
    case
        when told.order_id is null then 'late_payment'
        when told.fact_type = 'return_line' then 'late_return'
        when
            told.accrual_type in ('reserve', 'release')
            or told.fact_type = 'payment' then 'late_payment'
        when credited_lines.order_id is null then 'late_order'
        when credited_payees.order_id is not null then 'rule_change'
        else 'split_edit'
    end
{%- endmacro %}
