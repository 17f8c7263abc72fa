"""Rule S14: the windows of a table's extracts leave no time between them that nobody delivered.

A window is what a control file declares, or what a live source asked for. Days are whole: from the first to the last
of them, in the source's time zone; instants end where they end. Overlaps are fine. A file that came after files of
later times is late: it is taken and told. A live source numbers its own extracts, so none of them is late; each of
its streams (the folder of the extract) is judged by itself, and one without a time of change has no windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.landing.check_model import Finding, Subject

LIMIT = "each begins no later than those before it end"
BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
Told = tuple[str, str]  # an extract, and what is told of it


@dataclass(frozen=True)
class Window:
    """What one extract covers: from `start` up to `end`, in its own words too, and when it came."""

    extract_id: str
    received_at: str
    start: datetime
    end: datetime
    told_from: str
    told_to: str


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text: str, zone: ZoneInfo, days: int = 0) -> datetime:
    """The beginning of a day, so many days later; an instant as it is. 0001 and 9999 are all time before and after."""
    day = _day(text)
    try:
        if day:
            return datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return END if text.startswith("9") else BEGINNING


def _is_live(record: dict[str, Any]) -> bool:
    """Whether an extract was fetched; a rebuild has it as a file."""
    window = record.get("window")
    return isinstance(window, dict) and "fetched_at" in window


def _says_nothing(record: dict[str, Any]) -> bool:
    window = record.get("window") or {}
    if not isinstance(window, dict):
        return False
    return not window.get("to") and (_is_live(record) or not window.get("from"))


def _read(record: dict[str, Any], zone: ZoneInfo) -> Window | Told:
    """The window of an extract, or what is wrong with it."""
    name, given = record["extract_id"], record["window"]
    try:
        first, last = str(given.get("from") or ""), str(given.get("to") or "")
        start = _instant(first, zone) if first else BEGINNING
        end = _instant(last, zone, days=1)
    except (AttributeError, ValueError):
        return name, f"{name} has a window that cannot be read: {given!r}"
    if start > end or (start == end and _day(last)):
        return name, f"{name} has a window that ends before it begins: {first} to {last}"
    return Window(name, record["received_at"], start, end, first, last)


def _gaps(windows: Iterable[Window], name: str) -> Iterator[Told]:
    covered: Window | None = None
    for one in sorted(windows, key=lambda one: (one.start, one.end, one.extract_id)):
        if covered and one.start > covered.end:
            between = f"{covered.told_to} ({covered.extract_id}) and {one.told_from} ({one.extract_id})"
            yield one.extract_id, f"a gap in {name}: nothing covers the time between {between}"
        covered = one if covered is None or one.end > covered.end else covered


def _late(windows: Iterable[Window], replacing: set[str]) -> Iterator[Told]:
    """Those that end before what had come earlier, except where they replace it; what comes together is not late."""
    covered = BEGINNING
    for _, group in groupby(sorted(windows, key=_came), key=_came):
        together = list(group)
        for one in together:
            if one.end < covered and one.extract_id not in replacing:
                covers = f"{one.told_from or 'the beginning'} to {one.told_to}"
                yield (
                    one.extract_id,
                    f"{one.extract_id} came late: {covers}, and later times had come before it",
                )
        covered = max(covered, *(one.end for one in together))


def _came(window: Window) -> str:
    return window.received_at


def windows(subject: Subject) -> Finding:
    """Fails for a gap, a window that ends before it begins, or one that cannot be read; warns of late files."""
    zone = ZoneInfo(subject.source.time_zone)
    streams: dict[tuple[bool, str], list[Window]] = {}
    wrong: set[Told] = set()
    for record, section in subject.sections:
        if section["rejection"] or _says_nothing(record):
            continue
        read = _read(record, zone)
        if not isinstance(read, Window):
            wrong.add(read)
            continue
        is_live = _is_live(record)
        tables = set(section["tables"]) & set(subject.mapping.tables)
        for name in {read.extract_id.rpartition("/")[0]} if is_live else tables:
            streams.setdefault((is_live, name), []).append(read)
    late: set[Told] = set()
    for (is_live, name), found in streams.items():
        wrong.update(_gaps(found, name))
        late.update(() if is_live else _late(found, subject.replacing))
    return _finding(sorted(wrong), sorted(late), sum(map(len, streams.values())))


def _finding(wrong: list[Told], late: list[Told], judged: int) -> Finding:
    found = wrong or late
    if not judged and not found:
        return Finding("not_applicable", "no extract declares a window")
    if not found:
        return Finding("passed", f"{judged} window(s) touch", LIMIT)
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    keys = [name for name, _ in found]
    return Finding("failed" if wrong else "warned", f"{found[0][1]}{more}", LIMIT, len(found), keys)
