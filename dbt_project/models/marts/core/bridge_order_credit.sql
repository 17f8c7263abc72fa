{#- Grain: (order line entry or return line) x credit type x payee x edit x whether it
    takes back, signed: returns are negative. Never add over credit types: rep_primary,
    partner_sourced and channel_of_record are views of the same money, rep_overlay and
    partner_influenced are memos (is_memo). Originals (edit_no 0) never change: an edit
    of the split adds the former credit negated and the new one, so that the sum over
    all rows of a line and credit type is the line. Discount = gross - net on order
    lines. Business rule: model.md 4, rule 9; credit date = business date of the
    original, also for edits. An edit counts on its own day where the row's month was
    closed by then, else on the row's day. payee_key is the version of the rep (team,
    manager, plan) on the credit date. Source: orders.order_credits,
    people.territory_assignments. -#}

with sides as (
    select
        1 as sign,
        false as is_edit_reversal
    union all
    select
        -1 as sign,
        true as is_edit_reversal
),

posted as (
    select
        credits.*,
        sides.is_edit_reversal,
        sides.sign * credits.share_units as signed_share,
        sides.sign * credits.gross_units as gross,
        sides.sign * credits.net_units as net,
        sides.sign * credits.gross_rep_units as gross_rep,
        sides.sign * credits.net_rep_units as net_rep,
        sides.sign * credits.cost_rep_units as cost_rep,
        case
            when sides.is_edit_reversal then credits.edit_no + 1 else credits.edit_no
        end as posted_edit_no,
        case
            when sides.is_edit_reversal then credits.next_edited_date
            when credits.edit_no > 0 then credits.edited_date
        end as posted_edit_date,
        case
            when sides.is_edit_reversal then credits.next_reason_code
            else credits.reason_code
        end as posted_reason
    from {{ ref('int_credit_allocated') }} as credits
    inner join sides
        on not sides.is_edit_reversal or credits.next_edited_date is not null
    where credits.share_units > 0
),

dated as (
    select
        posted.*,
        case
            when posted.posted_edit_date > posted.close_date
                then posted.posted_edit_date
            else posted.business_date
        end as posted_business_date
    from posted
),

payee_keys as (
    {%- for payee_type, dimension, code in [
        ('rep', 'dim_sales_rep', 'rep'), ('partner', 'dim_partner', 'partner'),
        ('channel', 'dim_channel', 'channel')
    ] %}
        select
            '{{ payee_type }}' as payee_type,
            {{ code }}_code as payee_code,
            {{ code }}_key as payee_key,
            {{ 'team_code' if code == 'rep' else none_code() }} as team_code,
            {{ 'is_inferred' if code == 'rep' else 'false' }} as is_inferred,
            match_from,
            valid_to
        from {{ ref(dimension) }}
        {{ 'union all' if not loop.last }}
    {%- endfor %}
),

territories as (
    select
        'rep' as payee_type,
        rep_code,
        territory_codes,
        match_from,
        valid_to
    from {{ ref('int_rep_territories_held') }}
),

assignments as (
    select count(*) as territory_row_count
    from territories
)

select
    case
        when dated.posted_edit_no = 0 then {{ surrogate_key(
            ['dated.fact_key', 'dated.credit_type', 'dated.payee_code']
        ) }}
        else {{ surrogate_key([
            'dated.fact_key', 'dated.credit_type', 'dated.payee_code',
            'dated.posted_edit_no', 'dated.is_edit_reversal'
        ]) }}
    end as credit_key,
    dated.source_system,
    dated.fact_type,
    dated.fact_key,
    dated.order_id,
    dated.line_id,
    cast(dated.entry_no as bigint) as entry_no,
    dated.row_id,
    dated.credit_type,
    dated.payee_code,
    coalesce(payee_keys.payee_key, '-1') as payee_key,
    coalesce(payee_keys.team_code, {{ unknown_code() }}) as team_code,
    case
        when territories.territory_codes is not null then territories.territory_codes
        when dated.credit_type not like 'rep%' then {{ none_code() }}
        when payee_keys.payee_code = {{ none_code() }} then {{ none_code() }}
        when coalesce(payee_keys.is_inferred, true) then {{ unknown_code() }}
        when payee_keys.payee_code = {{ unknown_code() }} then {{ unknown_code() }}
        when assignments.territory_row_count > 0 then {{ none_code() }}
        else {{ unknown_code() }}
    end as territory_codes,
    dated.posted_business_date as business_date,
    {{ fiscal_month('dated.posted_business_date') }} as fiscal_month,
    cast({{ money('dated.signed_share') }} as decimal(9, 4)) as share,
    dated.credit_rule,
    dated.currency,
    '{{ var("reporting_currency") }}' as reporting_currency,
    dated.is_revenue_line,
    {{ money('dated.gross') }} as gross_amount,
    {{ money('dated.net') }} as net_amount,
    {{ money('dated.gross_rep') }} as gross_amount_reporting,
    case
        when dated.fact_type = 'order_line'
            then {{ money('dated.gross_rep - dated.net_rep') }}
        else cast(0 as decimal(18, 4))
    end as discount_amount_reporting,
    {{ money('dated.net_rep') }} as net_amount_reporting,
    {{ money('dated.cost_rep') }} as cost_amount_reporting,
    dated.credit_date,
    cast(dated.posted_edit_no as bigint) as edit_no,
    coalesce(dated.posted_edit_date, dated.business_date) as posting_date,
    dated.posted_reason as reason_code,
    dated.posted_edit_date as edited_date,
    dated.is_edit_reversal,
    dated.credit_type in ('rep_overlay', 'partner_influenced') as is_memo
from dated
cross join assignments
left join payee_keys
    on
        split_part(dated.credit_type, '_', 1) = payee_keys.payee_type
        and dated.payee_code = payee_keys.payee_code
        and {{ version_on('payee_keys', 'dated.credit_date') }}
left join territories
    on
        split_part(dated.credit_type, '_', 1) = territories.payee_type
        and dated.payee_code = territories.rep_code
        and {{ version_on('territories', 'dated.credit_date') }}
