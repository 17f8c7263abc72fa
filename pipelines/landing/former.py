"""What was said and does not count any more: rows of superseded extracts, and rows before they were mended.

Of each extract that is replaced or replaces another one the keys and contents of its sound rows are kept below
`landing/former`; of one that was mended, those of the mended lines and of rows that share a key with them. So a later
file that only says the old row again can be told from one that has news, however much later it comes. Tables that a
statement joins have none: their rows are nobody's alone.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from pipelines.files import digest
from pipelines.home import Home
from pipelines.landing.outcome import Outcome
from pipelines.landing.plan import Component
from pipelines.landing.reshape import literal
from pipelines.landing.typed import shown_key_sql
from pipelines.landing.write import write_parquet
from pipelines.sources.receipt import Receipt

if TYPE_CHECKING:
    from pipelines.landing.feed_run import FeedRun
    from pipelines.landing.mended import Corrections

CAME, NOW = "came", "now"
SAID = pa.schema(
    [("_key", pa.string()), ("_hash", pa.string()), ("natural_key", pa.string()), ("line", pa.int64())]
)


@dataclass(frozen=True)
class Said:
    """One extract whose rows are kept, as they count now and, if `lines` were mended, as they came."""

    receipt: Receipt
    is_standing: bool
    lines: tuple[int, ...]
    stem: Path

    @property
    def is_whole(self) -> bool:
        """Whether all its rows matter, and not only those that were mended."""
        return bool(self.receipt.place) or not self.is_standing

    def path(self, feed: str, kind: str) -> Path:
        """The file of a feed."""
        return self.stem.with_name(f"{self.stem.name}.{feed}.{kind}.parquet")

    def kinds(self) -> tuple[str, ...]:
        """Which files it has."""
        return (CAME, NOW) if self.lines else (NOW,)


@dataclass(frozen=True)
class Former:
    """What was said before by extracts of one component; nothing where none is replaced or mended."""

    feeds: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()

    def missing(self) -> list[Receipt]:
        """The extracts of which a file is not there yet."""
        return [
            one.receipt
            for one in self.said
            if not all(one.path(feed, kind).exists() for feed in self.feeds for kind in one.kinds())
        ]

    def write(self, outcomes: list[Outcome], runs: list[FeedRun], kind: str) -> None:
        """Write the sound rows of these extracts as they are typed; a rejected one has said nothing."""
        by_feed = {run.feed.name: run for run in runs}
        known = {one.receipt.extract_id: one for one in self.said}
        for outcome in outcomes:
            one = known[outcome.extract.receipt.extract_id]
            for feed in self.feeds if kind in one.kinds() else ():
                if outcome.rejection is None and feed in by_feed:
                    _copy(by_feed[feed], outcome.extract.x, one, kind)
                else:
                    write_parquet(SAID.empty_table(), SAID, one.path(feed, kind))

    def sql(self, feed: str) -> str | None:
        """What was said: _key, _hash, _told (the place of who said it), _stands (whether it counts still).

        `_is_moved`: its line counts under another key, to which it was mended.
        """
        old = [
            _old(one, feed, kind)
            for one in self.said
            for kind in one.kinds()
            if kind == CAME or not one.is_standing
        ]
        now = [
            f"select {_columns(one)}, true as _stands, false as _is_moved from {_rows(one.path(feed, NOW))}"
            for one in self.said
            if one.is_standing
        ]
        return " union ".join([*old, *now]) if old else None


def _columns(one: Said) -> str:
    return f"_key, _hash, {literal(one.receipt.position)} as _told"


def _old(one: Said, feed: str, kind: str) -> str:
    rows, moved = _rows(one.path(feed, kind)), "false"
    if one.is_standing:
        moved = (
            f"exists (select 1 from {_rows(one.path(feed, NOW))} as now "
            "where now.line = said.line and now._key <> said._key)"
        )
    return f"select {_columns(one)}, false as _stands, {moved} as _is_moved from {rows} as said"


def _rows(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def _copy(run: FeedRun, x: int, one: Said, kind: str) -> None:
    path, only = one.path(run.feed.name, kind), "true"
    if kind == CAME or not one.is_whole:
        only = f"_line in ({', '.join(map(str, one.lines))})"
    if kind == NOW and not one.is_whole:
        only += f" or _key in (select _key from {_rows(one.path(run.feed.name, CAME))})"
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    query = (
        f"select _key, _hash, {shown_key_sql('_key')} as natural_key, _line as line from typed "
        f"where _x = {x} and _fault is null and ({only})"
    )
    run.connection.execute(f"copy ({query}) to {literal(str(temporary))} (format parquet)")
    temporary.replace(path)


def folder_of(home: Home, source: str) -> Path:
    """Where what the extracts of a source said is kept."""
    return home.landing / "former" / source


def former_of(
    home: Home, component: Component, mine: list[Receipt], gone: list[Receipt], corrections: Corrections
) -> Former:
    """Which extracts of a component are to be kept so, of those that land and those that are replaced."""
    mended = [one for one in mine if one.extract_id in corrections]
    if component.is_joint or not (gone or mended):
        return Former()
    base = component.digest([], home)
    standing = [one for one in mine if one.place or one in mended]
    said = []
    for one in (*gone, *standing):
        mends = [mend.sha256 for mend in corrections.get(one.extract_id, ())]
        lines = {line for mend in corrections.get(one.extract_id, ()) for line in mend.lines}
        parts = [base, one.sha256, mends, one in standing, one.place]
        name = f"{component.name}@{one.slug}.{digest(parts)[:12]}"
        said.append(Said(one, one in standing, tuple(sorted(lines)), folder_of(home, one.source) / name))
    return Former(tuple(feed.feed for feed in component.feeds), tuple(said))


def drop_others(home: Home, component: Component, found: Former) -> None:
    """Remove the files of a component that nothing asks for any more."""
    wanted = {one.path(feed, kind) for one in found.said for feed in found.feeds for kind in one.kinds()}
    for path in folder_of(home, component.source.name).glob(f"{component.name}@*.parquet"):
        if path not in wanted:
            path.unlink()
