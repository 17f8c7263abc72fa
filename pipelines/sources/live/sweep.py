"""Records that are gone from a system which tells nothing of it: all its ids are asked for, and what lacks is noted.

An error is no answer, so it notes nothing. Neither does a sweep in which too many lack: that is a right withdrawn or
a filter, until somebody says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from pipelines.files import pretty_json, read_json, write_atomic
from pipelines.home import Home
from pipelines.sources.live.place import folder_of
from pipelines.sources.live.protocol import Client, LiveObject, Page
from pipelines.sources.live.times import earlier, utc_text
from pipelines.sources.model import Source
from pipelines.sources.receipt import receipts_of
from pipelines.sources.vanish import too_many


@dataclass(frozen=True)
class Swept:
    """What a sweep found. `held`: too many lacked, so none was noted."""

    known: int
    gone: tuple[str, ...]

    @property
    def is_held(self) -> bool:
        """Whether so many lack that they are no deletions."""
        return too_many(len(self.gone), self.known)


def _mark(home: Home, source: str, name: str) -> Path:
    return folder_of(home, source) / f"{name}.swept.json"


def is_due(home: Home, source: Source, one: LiveObject, now: datetime, hours: int) -> bool:
    """Whether the last sweep of an object is so many hours ago."""
    mark = _mark(home, source.name, one.name)
    return not mark.exists() or read_json(mark)["at"] <= earlier(
        utc_text(now.isoformat()), minutes=60 * hours
    )


def remember(home: Home, source: Source, one: LiveObject, at: str) -> None:
    """Keep the time of a sweep whose findings are archived."""
    write_atomic(_mark(home, source.name, one.name), pretty_json({"at": at}))


def known_ids(home: Home, source: Source, name: str, key: str) -> set[str]:
    """Ids of the archived records whose newest news is not that they are gone."""
    there: dict[str, bool] = {}
    for receipt in receipts_of(home, source.name):
        folder = receipt.extract_id.rpartition("/")[0]
        if folder in (name, f"{name}/deleted"):
            with (home.blobs / receipt.sha256).open("rb") as lines:
                there.update((str(orjson.loads(line)[key]), folder == name) for line in lines)
    return {one for one, is_there in there.items() if is_there}


def sweep(client: Client, home: Home, source: Source, one: LiveObject) -> Swept:
    """Compare all ids of the system with those of the archive."""
    known = known_ids(home, source, one.name, one.key)
    now_there = {key for page in client.iter_ids(one) for key in page}
    return Swept(len(known), tuple(sorted(known - now_there)))


def tombstones(
    swept: Swept, one: LiveObject, at: str
) -> Callable[[str | None, dict[str, Any] | None], Iterator[Page]]:
    """The gone records as a stream: noted when they were missed, which is later than they went."""

    def ask(_since: str | None, _resume: dict[str, Any] | None) -> Iterator[Page]:
        gone = [{one.key: key, "deleted_time": at, "is_inferred": True} for key in swept.gone]
        yield Page([] if swept.is_held else gone, {}, is_sorted=False)

    return ask
