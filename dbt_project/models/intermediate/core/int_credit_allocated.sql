{{ config(materialized='view') }}
{#- Grain: (order line entry or return line) x credit type x version of the split from
    the one in force on the row's business date on x payee. Signed amounts in units of
    0.0001, by largest remainder, ties to the lower payee; a partial return gets what
    its cumulated amount is allocated less what was allocated before. edit_no numbers
    the versions from there: 0 is the credit that the row first had. -#}

with payees as (
    select
        basis_type,
        source_system,
        document_id,
        document_line_id,
        credit_type,
        payee_code,
        share_units,
        credit_rule,
        version_no,
        version_count,
        edited_date,
        reason_code,
        next_edited_date,
        next_reason_code
    from {{ ref('int_credit_payees') }}
),

credited as (
    select
        entries.*,
        payees.credit_type,
        payees.payee_code,
        payees.share_units,
        payees.credit_rule,
        payees.version_no,
        payees.edited_date,
        payees.reason_code,
        payees.next_edited_date,
        payees.next_reason_code,
        10000 as whole,
        case
            when payees.version_count > 1
                then payees.version_no - min(payees.version_no) over (
                    partition by entries.fact_key, payees.credit_type
                )
            else 0
        end as edit_no
    from {{ ref('int_credit_entries') }} as entries
    inner join payees
        on
            entries.basis_type = payees.basis_type
            and entries.source_system = payees.source_system
            and entries.document_id = payees.document_id
            and entries.document_line_id = payees.document_line_id
    where
        payees.next_edited_date is null
        or payees.next_edited_date > entries.business_date
),

shared as (
    select *
    from credited
    where share_units < 10000
),

allocated as (
    {{ allocate(
        'shared', ['fact_key', 'credit_type', 'version_no', 'payee_code'],
        [
            'gross', 'gross_rep', 'net', 'net_before', 'net_rep', 'net_rep_before',
            'cost_rep', 'cost_rep_before'
        ],
        'share_units', 'whole', ['fact_key', 'credit_type', 'version_no'],
        ['payee_code']
    ) | indent(4) }}
)

select
    credited.fact_type,
    credited.fact_key,
    credited.source_system,
    credited.order_id,
    credited.line_id,
    credited.entry_no,
    credited.row_id,
    credited.credit_date,
    credited.business_date,
    credited.close_date,
    credited.currency,
    credited.is_revenue_line,
    credited.credit_type,
    credited.payee_code,
    credited.share_units,
    credited.credit_rule,
    credited.edit_no,
    credited.edited_date,
    credited.reason_code,
    credited.next_edited_date,
    credited.next_reason_code,
    credited.direction * coalesce(allocated.gross_allocated, credited.gross)
        as gross_units,
    credited.direction * coalesce(allocated.gross_rep_allocated, credited.gross_rep)
        as gross_rep_units,
    credited.direction * coalesce(
        allocated.net_allocated - allocated.net_before_allocated,
        credited.net - credited.net_before
    ) as net_units,
    credited.direction * coalesce(
        allocated.net_rep_allocated - allocated.net_rep_before_allocated,
        credited.net_rep - credited.net_rep_before
    ) as net_rep_units,
    credited.direction * coalesce(
        allocated.cost_rep_allocated - allocated.cost_rep_before_allocated,
        credited.cost_rep - credited.cost_rep_before
    ) as cost_rep_units
from credited
left join allocated
    on
        credited.fact_key = allocated.fact_key
        and credited.credit_type = allocated.credit_type
        and credited.version_no = allocated.version_no
        and credited.payee_code = allocated.payee_code
