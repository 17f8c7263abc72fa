"""A trial of a source folder for a reader: what helps to mend the folder, and nothing of what is as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pipelines.landing.counts import KINDS
from pipelines.members import in_words

MOST_REASONS = 5


def _feed(name: str) -> str:
    return name.replace("__", ".", 1)


def _money(count: dict[str, Any]) -> str:
    money = count["money"].items()
    return ", ".join(f"{amount} {currency}".strip() for currency, amount in money if Decimal(amount))


def _counts(feed: dict[str, Any]) -> str:
    """Rows read and accepted, and what became of the others; money where there is any."""
    shown = ["read", *(kind for kind in KINDS if feed[kind]["rows"] or kind == "accepted")]
    rows = ", ".join(f"{kind} {feed[kind]['rows']}" for kind in shown)
    read, accepted = _money(feed["read"]), _money(feed["accepted"])
    if not read and not accepted:
        return rows
    return f"{rows}; money {read}" + ("" if read == accepted else f", accepted {accepted or 'none'}")


def _feed_lines(feed: dict[str, Any]) -> Iterator[str]:
    yield f"  {_feed(feed['feed'])}: {_counts(feed)}"
    if feed["read"]["unreadable"]:
        yield f"    rows without a readable amount: {feed['read']['unreadable']}"
    for reason, count in list(feed["reasons"].items())[:MOST_REASONS]:
        lines = feed["first_lines"].get(reason, [])
        more = " ..." if int(count) > len(lines) else ""
        where = f" (line {', '.join(map(str, lines))}{more})" if lines else ""
        yield f"    {count} x {reason.replace('|', ' ')}{where}"
    for warning, count in feed["warnings"].items():
        yield f"    {count} x warning {warning.replace('|', ' ')}"


def _file_lines(file: dict[str, Any]) -> Iterator[str]:
    yield file["file"]
    if file["rejection"]:
        yield f"  REJECTED {file['rejection'].replace('|', ': ', 1)}"
    for note in file["notes"]:
        yield f"  {note}"
    for feed in file["feeds"]:
        yield from _feed_lines(feed)


def _column_lines(found: dict[str, Any]) -> Iterator[str]:
    """Columns that nothing reads, once for each table, however many files it has; and columns that nothing fills."""
    unread: dict[str, dict[str, None]] = {}
    for file in found["files"]:
        for table, names in file["unread_columns"].items():
            unread.setdefault(table, {}).update(dict.fromkeys(names))
    for table, names in unread.items():
        if names:
            yield f"columns of {table} that nothing reads: {', '.join(names)}"
    for feed, lacking in found["unmapped"].items():
        if lacking:
            yield f"{_feed(feed)}: not mapped: {', '.join(lacking)}"


def _home_lines(home: dict[str, Any]) -> Iterator[str]:
    counted = {
        "new": "not there yet",
        "unchanged": "there as they are",
        "conflicts": "there with other bytes",
    }
    said = ", ".join(f"{len(home[name])} {words}" for name, words in counted.items() if home[name])
    yield f"home {home['root']}: {said or 'nothing to compare'}"
    if home["others"]:
        names = ", ".join(
            f"{one['source']} (last landed {one['last_landed'][:10]})" for one in home["others"]
        )
        yield f"also in that home: {names}; a release sums up all of a home together with this source"


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The trial for a reader."""
    count = found["files_found"]
    yield f"source {found['source']}: {count} file{'' if count == 1 else 's'} under {found['root']}"
    for file in found["files"]:
        yield from _file_lines(file)
    for one in found["superseded"]:
        yield f"{one['extract_id']} is not landed: {one['replaced_by']} supersedes it ({one['reason']})"
    yield from _column_lines(found)
    if found["home"]:
        yield from _home_lines(found["home"])
    for one in found["unlisted"]:
        yield f"note: {in_words(one)}"
    for one in found["warnings"]:
        yield f"warning {one['check_id']}: {one['observed']}"
    for one in found["problems"]:
        yield f"PROBLEM {one['check_id']}: {one['observed']} (limit {one['limit']})"
    yield "nothing was changed" if not found["problems"] else "nothing was changed; a run would be refused"
