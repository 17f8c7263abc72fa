{#- Grain: (order line entry or return line) x credit type x payee, signed: returns are
    negative. Never add over credit types: rep_primary, partner_sourced and
    channel_of_record are views of the same money, rep_overlay and partner_influenced
    are memos. Each amount is allocated by largest remainder in units of 0.0001, ties to
    the lower payee; a partial return gets what its cumulated amount is allocated less
    what was allocated before. Discount = gross - net on order lines. Business rule:
    model.md 4; credit date = business date of the original. -#}

with entries as (
    select
        'order_line' as fact_type,
        'order_line' as basis_type,
        order_line_key as fact_key,
        source_system,
        order_id as document_id,
        line_id as document_line_id,
        order_id,
        line_id,
        entry_no,
        row_id,
        original_business_date as credit_date,
        business_date,
        fiscal_month,
        currency,
        is_revenue_line,
        1 as direction,
        {{ units('gross_amount') }} as gross,
        {{ units('gross_amount_reporting') }} as gross_rep,
        {{ units('net_amount') }} as net,
        0 as net_before,
        {{ units('net_amount_reporting') }} as net_rep,
        0 as net_rep_before,
        {{ units('cost_amount_reporting') }} as cost_rep,
        0 as cost_rep_before
    from {{ ref('fct_order_line') }}
    union all
    select
        'return_line' as fact_type,
        case when is_original_known then 'order_line' else 'return_line' end
            as basis_type,
        return_line_key as fact_key,
        source_system,
        case when is_original_known then order_id else return_id end as document_id,
        case when is_original_known then order_line_id else line_id end
            as document_line_id,
        order_id,
        line_id,
        1 as entry_no,
        row_id,
        member_date as credit_date,
        business_date,
        fiscal_month,
        currency,
        is_revenue_line,
        -1 as direction,
        0 as gross,
        0 as gross_rep,
        {{ returned_so_far('net_amount') }} as net,
        {{ returned_so_far('net_amount') }} - {{ units('net_amount') }} as net_before,
        {{ returned_so_far('net_amount_reporting') }} as net_rep,
        {{ returned_so_far('net_amount_reporting') }}
        - {{ units('net_amount_reporting') }}
            as net_rep_before,
        {{ returned_so_far('cost_amount_reporting') }} as cost_rep,
        {{ returned_so_far('cost_amount_reporting') }}
        - {{ units('cost_amount_reporting') }}
            as cost_rep_before
    from {{ ref('fct_return_line') }}
),

payees as (
    select
        basis_type,
        source_system,
        document_id,
        document_line_id,
        credit_type,
        payee_code,
        share_units,
        credit_rule,
        10000 as whole,
        share_units < 10000 as is_split
    from {{ ref('int_credit_payees') }}
),

credited as (
    select
        entries.fact_type,
        entries.basis_type,
        entries.fact_key,
        entries.source_system,
        entries.document_id,
        entries.document_line_id,
        entries.order_id,
        entries.line_id,
        entries.entry_no,
        entries.row_id,
        entries.credit_date,
        entries.business_date,
        entries.fiscal_month,
        entries.currency,
        entries.is_revenue_line,
        entries.direction,
        entries.gross,
        entries.gross_rep,
        entries.net,
        entries.net_before,
        entries.net_rep,
        entries.net_rep_before,
        entries.cost_rep,
        entries.cost_rep_before,
        payees.credit_type,
        payees.payee_code,
        payees.share_units,
        payees.credit_rule,
        payees.whole,
        payees.is_split
    from entries
    inner join payees
        on
            entries.basis_type = payees.basis_type
            and entries.source_system = payees.source_system
            and entries.document_id = payees.document_id
            and entries.document_line_id = payees.document_line_id
),

shared as (
    select *
    from credited
    where is_split
),

allocated as (
    {{ allocate(
        'shared', ['fact_key', 'credit_type', 'payee_code'],
        [
            'gross', 'gross_rep', 'net', 'net_before', 'net_rep', 'net_rep_before',
            'cost_rep', 'cost_rep_before'
        ],
        'share_units', 'whole', ['fact_key', 'credit_type'], ['payee_code']
    ) | indent(4) }}
),

measured as (
    select
        credited.fact_type,
        credited.basis_type,
        credited.fact_key,
        credited.source_system,
        credited.document_id,
        credited.document_line_id,
        credited.order_id,
        credited.line_id,
        credited.entry_no,
        credited.row_id,
        credited.credit_date,
        credited.business_date,
        credited.fiscal_month,
        credited.currency,
        credited.is_revenue_line,
        credited.direction,
        credited.gross,
        credited.gross_rep,
        credited.net,
        credited.net_before,
        credited.net_rep,
        credited.net_rep_before,
        credited.cost_rep,
        credited.cost_rep_before,
        credited.credit_type,
        credited.payee_code,
        credited.share_units,
        credited.credit_rule,
        credited.whole,
        credited.is_split,
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
            and credited.payee_code = allocated.payee_code
),

payee_keys as (
    select
        'rep' as payee_type,
        rep_code as payee_code,
        rep_key as payee_key,
        team_code,
        match_from,
        valid_to
    from {{ ref('dim_sales_rep') }}
    union all
    select
        'partner' as payee_type,
        partner_code as payee_code,
        partner_key as payee_key,
        {{ none_code() }} as team_code,
        match_from,
        valid_to
    from {{ ref('dim_partner') }}
    union all
    select
        'channel' as payee_type,
        channel_code as payee_code,
        channel_key as payee_key,
        {{ none_code() }} as team_code,
        match_from,
        valid_to
    from {{ ref('dim_channel') }}
)

select
    {{ surrogate_key(
        ['measured.fact_key', 'measured.credit_type', 'measured.payee_code']
    ) }}
        as credit_key,
    measured.source_system,
    measured.fact_type,
    measured.fact_key,
    measured.order_id,
    measured.line_id,
    cast(measured.entry_no as bigint) as entry_no,
    measured.row_id,
    measured.credit_type,
    measured.payee_code,
    coalesce(payee_keys.payee_key, '-1') as payee_key,
    coalesce(payee_keys.team_code, {{ unknown_code() }}) as team_code,
    measured.business_date,
    measured.fiscal_month,
    cast({{ money('measured.share_units') }} as decimal(9, 4)) as share,
    measured.credit_rule,
    measured.currency,
    '{{ var("reporting_currency") }}' as reporting_currency,
    measured.is_revenue_line,
    {{ money('measured.gross_units') }} as gross_amount,
    {{ money('measured.net_units') }} as net_amount,
    {{ money('measured.gross_rep_units') }} as gross_amount_reporting,
    case
        when measured.fact_type = 'order_line'
            then {{ money('measured.gross_rep_units - measured.net_rep_units') }}
        else cast(0 as decimal(18, 4))
    end as discount_amount_reporting,
    {{ money('measured.net_rep_units') }} as net_amount_reporting,
    {{ money('measured.cost_rep_units') }} as cost_amount_reporting,
    measured.credit_date
from measured
left join payee_keys
    on
        split_part(measured.credit_type, '_', 1) = payee_keys.payee_type
        and measured.payee_code = payee_keys.payee_code
        and {{ version_on('payee_keys', 'measured.credit_date') }}
