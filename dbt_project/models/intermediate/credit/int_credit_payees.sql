{#- One payee of one version of the split of one order line (or of one return line whose
    original is unknown) and credit type, with the share in units of 0.0001 and the rule
    that found the payee: a explicit split (of the line, else of the order) · b team of
    the won opportunity, frozen then · c owner of the order or partner on it · d owner
    of the account on the credit date · e nobody: `(none)` where the channel's type
    sells without reps (ecommerce), else `(unknown)` · channel_of_record is always the
    order's channel (rule c). Only explicit splits have more than one version. -#}

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
        cast(null as string) as order_id,
        business_date as credit_date,
        channel_code,
        customer_source_system,
        customer_code,
        owner_rep_code,
        partner_code
    from {{ ref('int_return_lines_resolved') }}
    where not is_original_known
),

explicit_types as (
    select distinct
        'order_line' as basis_type,
        source_system,
        document_id,
        document_line_id,
        credit_type
    from {{ ref('int_credit_splits_versioned') }}
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
            teams.payee_code,
            lines.owner_rep_code,
            account_owners.owner_rep_code,
            case
                when channels.channel_type = 'ecommerce' then {{ none_code() }}
                else {{ unknown_code() }}
            end
        ) as payee_code,
        coalesce(teams.share_units, 10000) as share_units,
        case
            when teams.payee_code is not null then 'b'
            when lines.owner_rep_code is not null then 'c'
            when account_owners.owner_rep_code is not null then 'd'
            else 'e'
        end as credit_rule
    from lines
    left join {{ ref('int_credit_teams_frozen') }} as teams
        on
            lines.source_system = teams.source_system
            and lines.order_id = teams.order_id
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
        share_units,
        credit_rule
    from reps
    union all
    {%- for credit_type, code in [
        ('partner_sourced', 'partner_code'), ('channel_of_record', 'channel_code')
    ] %}
        select
            basis_type,
            source_system,
            document_id,
            document_line_id,
            '{{ credit_type }}' as credit_type,
            {{ code }} as payee_code,
            10000 as share_units,
            'c' as credit_rule
        from lines
        where {{ code }} <> {{ none_code() }} or '{{ code }}' = 'channel_code'
        {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    'order_line' as basis_type,
    source_system,
    document_id,
    document_line_id,
    credit_type,
    payee_code,
    share_units,
    'a' as credit_rule,
    version_no,
    version_count,
    edited_date,
    reason_code,
    next_edited_date,
    next_reason_code
from {{ ref('int_credit_splits_versioned') }}
union all
select
    found.basis_type,
    found.source_system,
    found.document_id,
    found.document_line_id,
    found.credit_type,
    found.payee_code,
    found.share_units,
    found.credit_rule,
    0 as version_no,
    1 as version_count,
    {{ first_day_of_time() }} as edited_date,
    cast(null as string) as reason_code,
    cast(null as date) as next_edited_date,
    cast(null as string) as next_reason_code
from found
left join explicit_types
    on
        found.basis_type = explicit_types.basis_type
        and found.source_system = explicit_types.source_system
        and found.document_id = explicit_types.document_id
        and found.document_line_id = explicit_types.document_line_id
        and found.credit_type = explicit_types.credit_type
where explicit_types.credit_type is null
