"""Archives the files of a source by content, each with a receipt. The receipt is the commit point.

Same id and same bytes: nothing to do. Same id and other bytes: a conflict, kept beside, nothing overwritten.
What stands in the way of a receipt (a conflict, a missing control file, a file that still grows) is in
`archive/state/<source>.json`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from time import sleep
from typing import Any

from pipelines.files import (
    fsync_path,
    pretty_json,
    sha256_of,
    sweep,
    write_atomic,
)
from pipelines.home import Home
from pipelines.sources.blobs import commit_receipt, keep_blob
from pipelines.sources.control import ControlError, agree, control_path, parse_control
from pipelines.sources.model import Source, Table
from pipelines.sources.receipt import Receipt, read_receipt, receipt_path, receipts_of
from pipelines.sources.state import State, read_state, state_path, write_state

INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"
BESIDE = ("file", "flag")  # kinds of control that are a file beside the data


def discover(source: Source) -> dict[str, list[Table]]:
    """Files of a source by extract id (the path below the source's root), with the tables they belong to.

    A live source has none: its extracts are in the archive from the first moment.
    """
    if source.live:
        return {}
    found: dict[str, list[Table]] = {}
    for table in source.tables:
        for path in source.root.glob(table.files):
            if path.is_file() and not path.name.startswith("."):
                found.setdefault(path.relative_to(source.root).as_posix(), []).append(table)
    controls = {
        control_path(source.root / name, table.format.control).relative_to(source.root).as_posix()
        for name, tables in found.items()
        for table in tables
        if table.format.control and table.format.control.kind in BESIDE
    }
    kept = sorted(set(found) - controls)
    return {name: found[name] for name in kept if not excluded(source, name)}


def excluded(source: Source, extract_id: str) -> str | None:
    """The reason for which source.yaml gives this extract up, if it does."""
    return next((reason for glob, reason in source.excluded if fnmatch(extract_id, glob)), None)


def _control_of(home: Home, path: Path, table: Table, sha256: str, size: int) -> tuple[Any, Any]:
    """Declared totals and the archived control file; (None, None) where the table has none."""
    control = table.format.control
    if control is None or control.kind not in BESIDE:
        return None, None
    beside = control_path(path, control)
    if not beside.is_file():
        raise ControlError(f"its control file {beside.name} is not there")
    if control.kind == "flag":
        return {}, None
    kept, _ = keep_blob(home, beside)
    declared = parse_control((home.blobs / kept).read_bytes(), control)
    agree(declared, path, sha256, size)
    return declared, {"file": beside.name, "sha256": kept}


def _fingerprint(path: Path, tables: list[Table]) -> list[Any]:
    stat = path.stat()
    parts: list[Any] = [stat.st_size, stat.st_mtime_ns]
    for table in tables:
        if table.format.control and table.format.control.kind in BESIDE:
            beside = control_path(path, table.format.control)
            parts.append(beside.stat().st_mtime_ns if beside.is_file() else None)
    return parts


def _look(path: Path, tables: list[Table]) -> list[Any]:
    """The same; nothing of a file that is gone."""
    try:
        return _fingerprint(path, tables)
    except FileNotFoundError:
        return []


def changed(source: Source, receipt: Receipt, tables: list[Table], sha256: str) -> str | None:
    """The hash of what differs from the receipt of a file: the file, else its control file; None if nothing does."""
    if receipt.sha256 != sha256:
        return sha256
    for table in tables:
        control = table.format.control
        if receipt.control and control and control.kind == "file":
            beside = control_path(source.root / receipt.extract_id, control)
            found = sha256_of(beside) if beside.is_file() else None
            if found and found != receipt.control["sha256"]:
                return found
    return None


class _Collection:
    """One pass over a source's files."""

    def __init__(self, source: Source, home: Home, now: datetime) -> None:
        self.source, self.home, self.now = source, home, now
        self.before = read_state(home, source.name)
        self.after = State(newest=self.before.newest)

    def at_rest(self, found: dict[str, list[Table]]) -> dict[str, list[Table]]:
        """The files that looked alike twice, at least `settle_seconds` apart; the others wait.

        A file without a receipt that was not seen at rest by an earlier collection is looked at again after a pause,
        one for all of them.
        """
        pause = self.source.settle_seconds
        if not pause:
            return found
        first = {
            name: _look(self.source.root / name, tables)
            for name, tables in found.items()
            if not receipt_path(self.home, self.source.name, name).exists()
        }
        fresh = {name for name, mark in first.items() if self._known_look(name, mark) is None}
        if fresh:
            sleep(pause)
        kept = dict(found)
        for name, mark in first.items():
            again = _look(self.source.root / name, found[name])
            if again == mark:
                continue
            sizes = [str(look[0]) if look else "gone" for look in (mark, again)]
            self.after.waiting[name] = f"it still grows or changes ({sizes[0]} bytes, then {sizes[1]})"
            self.after.looks[name] = [*again, self.now.isoformat()]
            del kept[name]
        return kept

    def _known_look(self, name: str, mark: list[Any]) -> list[Any] | None:
        """What an earlier collection, long enough ago, saw of this file, if it looks the same today."""
        look = self.before.looks.get(name)
        if not look or look[:-1] != mark:
            return None
        age = (self.now - datetime.fromisoformat(look[-1])).total_seconds()
        return look if age >= self.source.settle_seconds else None

    def take(self, extract_id: str, tables: list[Table]) -> Receipt | None:
        """The receipt of one file, written now or long ago; None while it has none."""
        path = self.source.root / extract_id
        mark = _fingerprint(path, tables)
        existing = receipt_path(self.home, self.source.name, extract_id)
        known = existing.exists() and self.before.seen.get(extract_id) == mark
        if known and extract_id not in self.before.conflicts:
            self.after.seen[extract_id] = mark
            return read_receipt(existing)
        sha256, size = keep_blob(self.home, path)
        if _fingerprint(path, tables) != mark:
            self.after.waiting[extract_id] = "it changed while it was read"
            return read_receipt(existing) if existing.exists() else None
        if existing.exists():
            return self._compare(read_receipt(existing), tables, sha256, mark)
        try:
            receipt = self._receipt(extract_id, tables, sha256, size)
        except ControlError as problem:
            self.after.unready[extract_id] = str(problem)
            return None
        if not commit_receipt(self.home, receipt):
            return self._compare(read_receipt(existing), tables, sha256, mark)
        self.after.seen[extract_id] = mark
        self.after.newest = receipt.received_at
        return receipt

    def take_if_there(self, extract_id: str, tables: list[Table]) -> Receipt | None:
        """The same; a file that vanished since it was found waits for the next look."""
        try:
            return self.take(extract_id, tables)
        except FileNotFoundError:
            if (self.source.root / extract_id).exists():
                raise
            self.after.waiting[extract_id] = "it was gone when it was to be read"
            existing = receipt_path(self.home, self.source.name, extract_id)
            return read_receipt(existing) if existing.exists() else None

    @cached_property
    def instant(self) -> str:
        """When this pass is: now, or just after the newest receipt of the source if the clock went back."""
        newest = self.before.newest or max(
            (one.received_at for one in receipts_of(self.home, self.source.name)), default=""
        )
        instant = self.now.strftime(INSTANT)
        if instant >= newest:
            return instant
        after = datetime.strptime(newest, INSTANT).replace(tzinfo=UTC) + timedelta(microseconds=1)
        return after.strftime(INSTANT)

    def _receipt(self, extract_id: str, tables: list[Table], sha256: str, size: int) -> Receipt:
        declared = control = None
        for table in tables:
            found, archived = _control_of(self.home, self.source.root / extract_id, table, sha256, size)
            declared, control = (found, archived) if found else (declared, control)
        feeds = {feed.feed for table in tables for feed in self.source.feeds_of(table.name)}
        return Receipt(
            source=self.source.name,
            extract_id=extract_id,
            sha256=sha256,
            size=size,
            tables=[table.name for table in tables],
            feeds=sorted(feeds),
            received_at=self.instant,
            window=(declared or {}).get("window"),
            declared=declared,
            control=control,
        )

    def _compare(self, receipt: Receipt, tables: list[Table], sha256: str, mark: list[Any]) -> Receipt:
        """The same id again: the same bytes are a no-op, other bytes a conflict that is kept and reported.

        A control file belongs to its extract: another one for the same bytes is a conflict too.
        """
        seen = changed(self.source, receipt, tables, sha256)
        if seen is None:
            self.after.seen[receipt.extract_id] = mark
            return receipt
        self.after.conflicts[receipt.extract_id] = seen
        kept = self.home.conflicts / f"{self.source.name}--{receipt.slug}--{seen[:12]}.json"
        if not kept.exists():
            named = {"source": receipt.source, "extract_id": receipt.extract_id}
            hashes = {"seen_sha256": seen, "receipt_sha256": receipt.sha256}
            write_atomic(kept, pretty_json({**named, **hashes, "seen_at": self.now.isoformat()}))
        return receipt

    def close(self) -> None:
        """Keep the state for the next pass, if it changed."""
        if self.after != self.before:
            write_state(self.home, self.source.name, self.after)
            fsync_path(self.home.receipts)


def collect(source: Source, home: Home, now: datetime) -> list[Receipt]:
    """Archive what is new in a source and return the receipts of all its files, in order of arrival.

    A file whose control file is absent or does not fit, or that is not at rest, gets no receipt yet; that and
    conflicts are in the state.
    """
    home.blobs.mkdir(parents=True, exist_ok=True)
    home.receipts.mkdir(parents=True, exist_ok=True)
    sweep([home.blobs, home.receipts, home.conflicts, home.corrections, state_path(home, source.name).parent])
    pass_ = _Collection(source, home, now)
    found = pass_.at_rest(discover(source))
    taken = [pass_.take_if_there(extract_id, tables) for extract_id, tables in found.items()]
    pass_.close()
    return sorted((one for one in taken if one is not None), key=lambda one: one.order)
