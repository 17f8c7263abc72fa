{#- One payee of one version of the explicit split of one order line and credit type:
    the line's own split where it has one, else the order's. version_no 0 is the first,
    which holds from the start. Share 0: in the version, credited with nothing. -#}

with credits as (
    select
        source_system,
        order_id,
        line_id,
        credit_type,
        payee_code,
        version_at,
        edited_date,
        reason_code,
        {{ units('share') }} as share_units
    from {{ ref('int_order_credits_judged') }}
    where verdict = 'accepted'
),

versions as (
    select
        source_system,
        order_id,
        line_id,
        credit_type,
        version_at,
        min(edited_date) as edited_date,
        min(reason_code) as reason_code
    from credits
    group by source_system, order_id, line_id, credit_type, version_at
),

numbered as (
    select
        versions.*,
        row_number() over (
            partition by
                versions.source_system,
                versions.order_id,
                versions.line_id,
                versions.credit_type
            order by versions.version_at nulls last
        ) - 1 as version_no,
        count(*) over (
            partition by
                versions.source_system,
                versions.order_id,
                versions.line_id,
                versions.credit_type
        ) as version_count,
        lead(versions.edited_date) over (
            partition by
                versions.source_system,
                versions.order_id,
                versions.line_id,
                versions.credit_type
            order by versions.version_at nulls last
        ) as next_edited_date,
        lead(versions.reason_code) over (
            partition by
                versions.source_system,
                versions.order_id,
                versions.line_id,
                versions.credit_type
            order by versions.version_at nulls last
        ) as next_reason_code
    from versions
),

splits as (
    select
        credits.source_system,
        credits.order_id,
        credits.line_id,
        credits.credit_type,
        credits.payee_code,
        credits.share_units,
        numbered.version_no,
        numbered.version_count,
        numbered.edited_date,
        numbered.reason_code,
        numbered.next_edited_date,
        numbered.next_reason_code
    from credits
    inner join numbered
        on
            credits.source_system = numbered.source_system
            and credits.order_id = numbered.order_id
            and coalesce(credits.line_id, '') = coalesce(numbered.line_id, '')
            and credits.credit_type = numbered.credit_type
            and credits.version_at = numbered.version_at
),

joined as (
    select
        sold.line_id as document_line_id,
        splits.*,
        max(case when splits.line_id is not null then 1 else 0 end) over (
            partition by
                splits.source_system, splits.order_id, sold.line_id, splits.credit_type
        ) as has_own_split
    from {{ ref('int_order_lines_costed') }} as sold
    inner join splits
        on
            sold.source_system = splits.source_system
            and sold.order_id = splits.order_id
            and (splits.line_id is null or sold.line_id = splits.line_id)
)

select
    source_system,
    order_id as document_id,
    document_line_id,
    credit_type,
    payee_code,
    share_units,
    version_no,
    version_count,
    edited_date,
    reason_code,
    next_edited_date,
    next_reason_code
from joined
where line_id is not null or has_own_split = 0
