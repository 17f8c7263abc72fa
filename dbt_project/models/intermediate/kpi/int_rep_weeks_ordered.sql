{#- Grain: rep who owns the order x ISO week of its business date. Orders that count
    (K03): one cancelled after the close of its month is taken back in the week of the
    cancellation (E3). Touchless: not entered by hand and never edited by hand; what is not
    known of an order puts it in unknown_count alone, and a source that never tells is
    left out (E13). -#}
with orders as (
    select
        source_system,
        owner_rep_code,
        business_date,
        cancelled_date,
        is_cancelled_after_close,
        case
            when entry_method = 'manual' or manual_edit_count > 0 then 0
            when entry_method is not null and manual_edit_count = 0 then 1
        end as touchless
    from {{ ref('fct_order') }}
    where is_counted
),

sources as (
    select distinct source_system
    from orders
    where touchless is not null
),

told as (
    select
        orders.owner_rep_code,
        orders.business_date,
        orders.cancelled_date,
        orders.is_cancelled_after_close,
        orders.touchless
    from orders
    inner join sources on orders.source_system = sources.source_system
),

entries as (
    select
        owner_rep_code,
        business_date as entry_date,
        1 as sign,
        touchless
    from told
    union all
    select
        owner_rep_code,
        cancelled_date as entry_date,
        -1 as sign,
        touchless
    from told
    where is_cancelled_after_close
),

weeks as (
    select
        date_day,
        iso_week
    from {{ ref('dim_date') }}
)

select
    entries.owner_rep_code as rep_code,
    weeks.iso_week as week,
    sum(case when entries.touchless is not null then entries.sign else 0 end)
        as known_count,
    sum(entries.sign * coalesce(entries.touchless, 0)) as touchless_count,
    sum(case when entries.touchless is null then entries.sign else 0 end)
        as unknown_count
from entries
inner join weeks on entries.entry_date = weeks.date_day
group by entries.owner_rep_code, weeks.iso_week
