"""What the lists of a source say of the rows that came before them: how many keys they know, how many are gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.files import pretty_json, read_json, write_atomic
from pipelines.home import Home
from pipelines.landing.approved import Approval
from pipelines.sources.vanish import MOST_SHARE, too_many

NOBODY: dict[str, Approval] = {}
Gap = tuple[int, int | None, int]  # a key's place, the next one (None: it never came again), how many keys
# How many of a gap's keys stood in the list of a third place, in rows that were set aside.
Excused = dict[tuple[int, int | None, int], int]


@dataclass(frozen=True)
class Listing:
    """One list, or one snapshot, in the extracts that came together: `known` keys came before it, `gone` are not in it.

    `held` says why it withdraws nothing. `stays`: versions of a dimension, to which facts of the past point. `against`:
    a full list of the same time or a later one that still has keys which this list deletes, and how many.
    `approved`: who let it withdraw that many, and why.
    """

    extracts: list[str]
    kind: str
    place: int
    known: int = 0
    gone: int = 0
    held: str = ""
    stays: bool = False
    against: str = ""
    approved: str = ""

    @property
    def told(self) -> str:
        """How it is named: by its extract, or the first of several."""
        more = len(self.extracts) - 1
        return self.extracts[0] + (f" and {more} more" if more else "")


def report_path(home: Home, source: str) -> Path:
    """Where what the lists of a source said is kept."""
    return home.landing / "withdrawn" / f"{source}.json"


def _kept(home: Home, source: str) -> dict[str, Any]:
    path = report_path(home, source)
    return dict(read_json(path)) if path.exists() else {"state": None, "feeds": {}}


def read_listings(home: Home, source: str) -> dict[str, list[Listing]]:
    """What the lists of a source said, by the feed they speak of."""
    feeds = _kept(home, source)["feeds"]
    return {feed: [Listing(**one) for one in listings] for feed, listings in feeds.items()}


def state_of_listings(home: Home, source: str) -> str | None:
    """The digest of what the lists were judged over; None if there are none."""
    state = _kept(home, source)["state"]
    return str(state) if state else None


def write_listings(home: Home, source: str, found: dict[str, list[Listing]], state: str) -> None:
    """Keep what the lists of a source said, and what they were judged over."""
    feeds = {feed: [asdict(one) for one in listings] for feed, listings in found.items()}
    write_atomic(report_path(home, source), pretty_json({"state": state, "feeds": feeds}))


def forget_listings(home: Home, source: str) -> None:
    """A source without lists has said nothing."""
    report_path(home, source).unlink(missing_ok=True)


def judged(
    one: Listing, unreadable: int, most: Decimal | None, approved: dict[str, Approval] = NOBODY
) -> Listing:
    """The same list, held if it cannot be trusted: a row whose key cannot be read may be any, and too many lack.

    `approved`: by extract, who let how many lack.
    """
    if one.held:
        return one
    if unreadable:
        return replace(one, held=f"{unreadable} of its rows have no readable key")
    if too_many(one.gone, one.known, most):
        for let in (approved[name] for name in one.extracts if name in approved):
            if one.gone <= let.most:
                return replace(one, approved=let.told)
        share = MOST_SHARE if most is None else most
        return replace(one, held=f"more than {(share * 100).normalize():f} % lack")
    return one


def full_lists(
    lists: Iterable[Listing],
    gaps: list[Gap],
    excused: Excused,
    unreadable: dict[str, int],
    most: Decimal | None,
    approved: dict[str, Approval] = NOBODY,
) -> list[Listing]:
    """Judge full lists in order: a key is gone if it was there before and the list does not have it.

    A key that a list before withdrew is not known any more until it comes again; one whose row the list has, but which
    was set aside, is there.
    """
    found: list[Listing] = []
    applied: list[int] = []
    for one in lists:
        known = gone = 0
        for last, following, count in gaps:
            is_open = last < one.place and (following is None or following >= one.place)
            if is_open and not any(last < place for place in applied):
                known += count
                lacks = 0 if following == one.place else count
                gone += lacks - excused.get((last, following, one.place), 0)
        unread = sum(unreadable.get(extract, 0) for extract in one.extracts)
        told = judged(replace(one, known=known, gone=gone), unread, most, approved)
        found.append(told)
        applied += [] if told.held else [told.place]
    return found
