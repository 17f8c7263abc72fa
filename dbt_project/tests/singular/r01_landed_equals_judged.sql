{{ config(meta={'rule': 'R01', 'table': 'all feeds'}) }}
{#- What landing accepted is what the warehouse judged, per source, feed, currency: rows
    and money. Judged = accepted + held + after_as_of + duplicate. Feeds without an
    amount are compared by rows. What the source withdrew since (S13) counts as judged. -#}

with landed as (
    select
        source_system,
        feed,
        sum(rows_accepted) as row_count,
        sum(amount_accepted) as amount
    from {{ ref('ops_batch') }}
    where
        feed in (
            select distinct judged.feed from {{ ref('int_rows_judged') }} as judged
        )
    group by source_system, feed
),

accounted_for as (
    select
        source_system,
        feed,
        amount
    from {{ ref('int_rows_judged') }}
    union all
    select
        source_system,
        feed,
        amount
    from {{ ref('quarantine_row') }}
    where kind = 'withdrawn'
),

judged as (
    select
        source_system,
        feed,
        count(*) as row_count,
        sum(coalesce(amount, 0)) as amount
    from accounted_for
    group by source_system, feed
)

select
    coalesce(landed.source_system, judged.source_system)
    || '|' || coalesce(landed.feed, judged.feed) as failing_key,
    landed.row_count as landed_rows,
    judged.row_count as judged_rows,
    landed.amount as landed_amount,
    judged.amount as judged_amount
from landed
full outer join judged
    on
        landed.source_system = judged.source_system
        and landed.feed = judged.feed
where
    landed.row_count is distinct from judged.row_count
    or (landed.amount <> 0 and landed.amount is distinct from judged.amount)
