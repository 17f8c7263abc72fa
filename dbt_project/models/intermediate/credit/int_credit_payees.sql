{#- One payee of one order line (or of one return line whose original is unknown) and
    credit type, with the share in units of 0.0001 and the rule that found the payee: a
    explicit split (of the line, else of the order) · c owner of the order or partner on
    it · d owner of the account on the credit date · e nobody: `(none)` where the
    channel's type sells without reps (ecommerce), else `(unknown)` · channel_of_record
    is always the order's channel (rule c). Rule b, the split of the opportunity, comes
    with its feed and goes between a and c. -#}

with lines as (
    select
        'order_line' as basis_type,
        source_system,
        order_id as document_id,
        line_id as document_line_id,
        order_id,
        business_date as credit_date,
        channel_code,
        customer_source_system,
        customer_code,
        owner_rep_code,
        partner_code
    from {{ ref('int_order_lines_costed') }}
    union all
    select
        'return_line' as basis_type,
        source_system,
        return_id as document_id,
        line_id as document_line_id,
        order_id,
        business_date as credit_date,
        channel_code,
        customer_source_system,
        customer_code,
        owner_rep_code,
        partner_code
    from {{ ref('int_return_lines_resolved') }}
    where not is_original_known
),

credits as (
    select
        source_system,
        order_id,
        line_id,
        credit_type,
        payee_code,
        {{ units('share') }} as share_units
    from {{ ref('int_order_credits_judged') }}
    where verdict = 'accepted' and share > 0
),

explicit_by_line as (
    select
        lines.basis_type,
        lines.source_system,
        lines.document_id,
        lines.document_line_id,
        credits.credit_type,
        credits.payee_code,
        credits.share_units,
        credits.line_id is not null as is_of_line,
        max(case when credits.line_id is not null then 1 else 0 end) over (
            partition by
                lines.source_system,
                lines.document_id,
                lines.document_line_id,
                credits.credit_type
        ) as has_own_split
    from lines
    inner join credits
        on
            lines.source_system = credits.source_system
            and lines.order_id = credits.order_id
            and (credits.line_id is null or lines.document_line_id = credits.line_id)
    where lines.basis_type = 'order_line'
),

explicit as (
    select
        basis_type,
        source_system,
        document_id,
        document_line_id,
        credit_type,
        payee_code,
        share_units
    from explicit_by_line
    where is_of_line or has_own_split = 0
),

explicit_types as (
    select distinct
        basis_type,
        source_system,
        document_id,
        document_line_id,
        credit_type
    from explicit
    where credit_type in ('rep_primary', 'partner_sourced')
),

account_owners as (
    select
        source_system,
        account_id,
        owner_rep_code,
        match_from,
        valid_to
    from {{ ref('int_customers_versioned') }}
    where owner_rep_code is not null
),

channels as (
    select
        channel_code,
        channel_type,
        match_from,
        valid_to
    from {{ ref('int_channels_levelled') }}
),

reps as (
    select
        lines.basis_type,
        lines.source_system,
        lines.document_id,
        lines.document_line_id,
        coalesce(
            lines.owner_rep_code,
            account_owners.owner_rep_code,
            case
                when channels.channel_type = 'ecommerce' then {{ none_code() }}
                else {{ unknown_code() }}
            end
        ) as payee_code,
        case
            when lines.owner_rep_code is not null then 'c'
            when account_owners.owner_rep_code is not null then 'd'
            else 'e'
        end as credit_rule
    from lines
    left join account_owners
        on
            lines.customer_source_system = account_owners.source_system
            and lines.customer_code = account_owners.account_id
            and {{ version_on('account_owners', 'lines.credit_date') }}
    left join channels
        on
            lines.channel_code = channels.channel_code
            and {{ version_on('channels', 'lines.credit_date') }}
),

found as (
    select
        basis_type,
        source_system,
        document_id,
        document_line_id,
        'rep_primary' as credit_type,
        payee_code,
        credit_rule
    from reps
    union all
    select
        basis_type,
        source_system,
        document_id,
        document_line_id,
        'partner_sourced' as credit_type,
        partner_code as payee_code,
        'c' as credit_rule
    from lines
    where partner_code <> {{ none_code() }}
    union all
    select
        basis_type,
        source_system,
        document_id,
        document_line_id,
        'channel_of_record' as credit_type,
        channel_code as payee_code,
        'c' as credit_rule
    from lines
)

select
    basis_type,
    source_system,
    document_id,
    document_line_id,
    credit_type,
    payee_code,
    share_units,
    'a' as credit_rule
from explicit
union all
select
    found.basis_type,
    found.source_system,
    found.document_id,
    found.document_line_id,
    found.credit_type,
    found.payee_code,
    10000 as share_units,
    found.credit_rule
from found
left join explicit_types
    on
        found.basis_type = explicit_types.basis_type
        and found.source_system = explicit_types.source_system
        and found.document_id = explicit_types.document_id
        and found.document_line_id = explicit_types.document_line_id
        and found.credit_type = explicit_types.credit_type
where explicit_types.credit_type is null
