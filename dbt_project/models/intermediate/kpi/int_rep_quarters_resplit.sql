{#- Grain: payee x fiscal quarter of the edit, with a primary split edited after the
    close of the order's month. A change is an order and a day on which the payee's share
    moved, whatever returns left of the money; an order cancelled before that close never
    counted and has none. Amounts are what the edit moved to and from the payee, returns
    taken off. -#}
with counted as (
    select
        source_system,
        order_id
    from {{ ref('fct_order') }}
    where is_counted
),

edits as (
    select
        credits.payee_code,
        credits.source_system,
        credits.order_id,
        credits.edited_date,
        credits.fact_type,
        credits.entry_no,
        credits.share,
        credits.net_amount_reporting
    from {{ ref('bridge_order_credit') }} as credits
    inner join counted
        on
            credits.source_system = counted.source_system
            and credits.order_id = counted.order_id
    where
        credits.is_revenue_line
        and credits.credit_type = 'rep_primary'
        and credits.edited_date > {{ close_date('credits.credit_date') }}
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
