"""Rule S08: an extract has about as many rows as those that came before it. Half of them is half a file.

An extract is held against the last eight received before it, if there are four: for a daily source those of its own
weekday, else (while there are no four of it) of workdays or of weekends, as it is one. Extracts that arrived together
are no baseline of each other, so a backfill is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fnmatch import fnmatch
from statistics import median
from zoneinfo import ZoneInfo

from pipelines.landing.check_model import Finding, Subject
from pipelines.landing.counts import Count

FEWEST = 4
MOST = 8
SATURDAY = 5
BAND = 5  # median absolute deviations, told from eight weeks of the weekday on


@dataclass(frozen=True)
class Volume:
    """One extract: its rows of a feed, the day of its newest event, and when it came."""

    extract_id: str
    received_at: str
    rows: int
    weekday: int | None


def _weekday(newest: str | None, zone: ZoneInfo) -> int | None:
    """The weekday of an extract's newest event, where it happened: instants are kept in UTC."""
    if newest is None:
        return None
    if len(newest) > len("2026-10-01"):
        return datetime.fromisoformat(newest).replace(tzinfo=UTC).astimezone(zone).weekday()
    return date.fromisoformat(newest).weekday()


def _volumes(subject: Subject) -> Iterator[Volume]:
    for record, section in subject.sections:
        counts = section["feeds"].get(subject.feed.name)
        if counts is None or section["rejection"]:
            continue
        day = _weekday(counts["newest"], ZoneInfo(subject.source.time_zone))
        yield Volume(record["extract_id"], record["received_at"], Count.of(counts["read"]).rows, day)


def _baseline(one: Volume, before: list[Volume], is_daily: bool) -> list[Volume]:
    if is_daily and one.weekday is not None:
        same = [other for other in before if other.weekday == one.weekday]
        is_weekend = one.weekday >= SATURDAY
        like = [
            other
            for other in before
            if other.weekday is not None and (other.weekday >= SATURDAY) == is_weekend
        ]
        before = same if len(same) >= FEWEST else like
    return before[-MOST:]


def _is_allowed(subject: Subject, one: Volume) -> bool:
    return any(fnmatch(one.extract_id, glob) for glob, _ in subject.source.small)


def volume(subject: Subject) -> Finding:
    """Fails for an extract with less than half the median of its baseline; warns outside the usual band."""
    is_change = subject.source.live or subject.feed.name.endswith("__deleted")
    if is_change or not subject.source.rhythm:
        why = "each extract is what changed" if is_change else "the source declares no rhythm"
        return Finding("not_applicable", why)
    trusted: list[Volume] = []
    small, odd, judged = [], [], 0
    for one in sorted(_volumes(subject), key=lambda found: (found.received_at, found.extract_id)):
        before = [other for other in trusted if other.received_at < one.received_at]
        baseline = _baseline(one, before, subject.source.rhythm == "daily")
        if len(baseline) >= FEWEST:
            judged += 1
            middle = Decimal(median(other.rows for other in baseline))
            spread = Decimal(median(abs(other.rows - middle) for other in baseline))
            told = (
                f"{one.extract_id} has {one.rows} rows, those before it had {middle.normalize():f} (median)"
            )
            if one.rows * 2 <= middle and not _is_allowed(subject, one):
                small.append(told)
                continue
            if len(baseline) >= MOST and abs(one.rows - middle) > BAND * max(spread, Decimal(1)):
                odd.append(told)
        trusted.append(one)
    return _finding(small, odd, judged)


def _finding(small: list[str], odd: list[str], judged: int) -> Finding:
    limit = "more than half of the median"
    found = small or odd
    if not found:
        return Finding("passed", f"{judged} file(s) held against those before them", limit)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    keys = [one.split(" has ")[0] for one in found]
    status = "failed" if small else "warned"
    return Finding(status, f"{found[0]}{more}", limit, len(found), keys, rejects=bool(small))
