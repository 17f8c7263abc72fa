"""Gives every typed row of a feed its one status: accepted, quarantined, duplicate or rejected.

Natural keys: the same row again is a duplicate. Other content under a key that one file gives twice sets all of them
aside; under a key that an earlier extract gave, an `event` is set aside, a `state` or an `effective` version changes.
A row that only says again what was superseded or mended, where what took its place counts, is a duplicate too.
"""

from __future__ import annotations

from pipelines.landing.typed import Typing

TWICE = "S10|one key, several contents in this file"
TAKEN = "S10|the key was landed before with other content"
AGAIN = "S10|the same row again"
UNDONE = "S10|it says again what was superseded or mended"
DROPPED = "S10|it says again what was superseded or mended, and nothing took the place of that"


def _reference(typing: Typing) -> str:
    """The content that a key's row is compared with: the first one of an event, the one before of a state.

    Nothing in a list of keys: what an earlier one had says nothing of a later one.
    """
    if typing.feed.versioning == "listing":
        return "cast(null as varchar)"
    if typing.feed.versioning == "event":
        return "first_value(_hash) over (partition by _key order by _x)"
    return "lag(_hash) over (partition by _key order by _x)"


def _identical(typing: Typing) -> str:
    """Which of several rows equal in all but their line this one is, where the contract drops such rows."""
    if typing.mapping.options.get("duplicates") == "drop":
        return "row_number() over (partition by _x, _content order by _line, _row_id)"
    return "1"


UNIQUE = """
select count(*) = count(distinct _key) and not exists (select 1 from landed where _key in (select _key from typed))
from typed"""
PLAIN = """
select typed.*,
    coalesce(rejected.fault, typed._fault) as _reason,
    case
        when rejected.fault is not null then 'rejected'
        when typed._fault is not null then 'quarantined'
        else 'accepted'
    end as _status
from typed
left join rejected on rejected._x = typed._x"""

# Only what stands before a row in the order of the source speaks of it: so what came earlier need not be judged again.
DROPPED_ROWS = """
select judged._x, count(*) from judged
join extracts on extracts._x = judged._x
where judged._status = 'accepted' and exists (
    select 1 from former
    where former._key = judged._key and former._hash = judged._hash
        and not former._stands and former._told < extracts.place
) and not exists (
    select 1 from former
    where former._key = judged._key and former._stands and former._told <= extracts.place
)
group by judged._x"""
NONE_MOVED = """
select not exists (select 1 from typed where exists (
    select 1 from former where former._key = typed._key and former._hash = typed._hash and former._is_moved
))"""

# `standing` is the content that counts before a row: of an event the first, of others the last one that has news.
TOLD = """, told as (
    select history.*, coalesce(extracts.place, '') as place,
        exists (
            select 1 from former
            where former._key = history._key and former._hash = history._hash
                and not former._stands and former._told < extracts.place
        ) and not exists (
            select 1 from former
            where former._key = history._key and former._hash = history._hash
                and former._stands and former._told <= extracts.place
        ) as is_former
    from history left join extracts on extracts._x = history._x
), placed as (
    select *, {standing} as standing from told
), undone as (
    select placed._row_id from placed
    where placed.is_former and exists (
        select 1 from former
        where former._key = placed._key and former._told <= placed.place
            and (
                (former._stands and former._hash = placed.standing)
                or (former._is_moved and former._hash = placed._hash and placed.standing is null)
            )
    )
), remaining as (
    select _x, _row_id, _key, _hash from placed where _row_id not in (select _row_id from undone)
)"""
BEFORE = """{which}_value(case when not is_former then _hash end ignore nulls) over (
        partition by _key order by _x rows between unbounded preceding and 1 preceding
    )"""
ALSO = f"""
    union all
    select _row_id, '{UNDONE}', 'duplicate' from undone"""

JUDGED = """
with sound as (
    select _x, _line, _row_id, _key, _hash,
        {identical} as copy_no
    from typed
    where _fault is null and _x not in (select _x from rejected)
), grouped as (
    select *,
        min(_hash) over (partition by _x, _key) <> max(_hash) over (partition by _x, _key) as is_torn,
        row_number() over (partition by _x, _key order by _line, _row_id) as nth
    from sound
    where copy_no = 1
), history as (
    select -1 as _x, '' as _row_id, _key, _hash from landed
    union all
    select _x, _row_id, _key, _hash from grouped where not is_torn and nth = 1
){told}, compared as (
    select _row_id, _hash,
        {reference} as reference,
        row_number() over (partition by _key order by _x) as position
    from {history}
), faults as (
    select _row_id, '{again}' as fault, 'duplicate' as status from sound where copy_no > 1
    union all
    select _row_id,
        case when is_torn then '{twice}' else '{again}' end,
        case when is_torn then 'quarantined' else 'duplicate' end
    from grouped where is_torn or nth > 1
    union all
    select _row_id,
        case when {is_taken} then '{taken}' else '{again}' end,
        case when {is_taken} then 'quarantined' else 'duplicate' end
    from compared
    where _row_id <> '' and position > 1 and (reference = _hash or {is_taken}){undone}
)
select typed.*,
    coalesce(rejected.fault, typed._fault, faults.fault) as _reason,
    case
        when rejected.fault is not null then 'rejected'
        when typed._fault is not null then 'quarantined'
        else coalesce(faults.status, 'accepted')
    end as _status
from typed
left join rejected on rejected._x = typed._x
left join faults on faults._row_id = typed._row_id"""


def judged_sql(typing: Typing, *, has_former: bool = False) -> str:
    """The SELECT from `typed`, `rejected` (_x, fault) and `landed` (_key, _hash) to all rows with their status.

    With `has_former` also from `former`, what superseded, superseding and mended extracts said.

    Where UNIQUE holds and the contract drops no equal rows, PLAIN gives the same and sorts nothing.
    """
    is_event = typing.feed.versioning == "event"
    return JUDGED.format(
        identical=_identical(typing),
        reference=_reference(typing),
        is_taken="reference <> _hash" if is_event else "false",
        twice=TWICE,
        taken=TAKEN,
        again=AGAIN,
        told=TOLD.format(standing=BEFORE.format(which="first" if is_event else "last")) if has_former else "",
        history="remaining" if has_former else "history",
        undone=ALSO if has_former else "",
    )
