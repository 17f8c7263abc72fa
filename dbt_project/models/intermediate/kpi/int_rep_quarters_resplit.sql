{#- Grain: payee x fiscal quarter of the edit, with a primary split edited after the
    close of the order's month. A change is an order and a day on which the payee's share
    moved; amounts are what the edit moved to and from the payee, returns taken off. -#}
with edits as (
    select
        payee_code,
        source_system,
        order_id,
        edited_date,
        fact_type,
        entry_no,
        share,
        net_amount_reporting
    from {{ ref('bridge_order_credit') }}
    where
        is_revenue_line
        and credit_type = 'rep_primary'
        and edited_date > {{ close_date('credit_date') }}
),

changes as (
    select
        payee_code,
        source_system,
        order_id,
        edited_date,
        sum(
            case when fact_type = 'order_line' and entry_no = 1 then share else 0 end
        ) as moved_share,
        sum(net_amount_reporting) as moved_amount
    from edits
    group by payee_code, source_system, order_id, edited_date
)

select
    payee_code as rep_code,
    {{ fiscal_quarter('edited_date') }} as fiscal_quarter,
    sum(case when moved_share <> 0 then 1 else 0 end) as split_change_count,
    sum(greatest(moved_amount, 0)) as gained_amount,
    sum(greatest(-moved_amount, 0)) as lost_amount
from changes
group by payee_code, {{ fiscal_quarter('edited_date') }}
