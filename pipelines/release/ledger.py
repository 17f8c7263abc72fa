"""The history of releases, and the waivers between them: one JSON line each.

Every line is sealed by its own hash and that of the line before.

A line that a crash tore (no line end, or not JSON) is the last one and was never acknowledged: reading
ignores it, appending cuts it off.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import PublishError
from pipelines.files import canonical_json, digest, fsync_path

if TYPE_CHECKING:
    from pipelines.home import Home

FIRST = "0" * 64
PUBLISHING = {"release", "history"}
WAIVER = "waiver"  # the one kind of line that is about no release
_NEEDED = {"seq", "kind", "prev", "hash"}


@dataclass(frozen=True)
class Ledger:
    """Whole entries in order, the bytes they take, and whether a torn line follows."""

    entries: tuple[dict[str, Any], ...]
    length: int
    is_torn: bool

    @property
    def head(self) -> str:
        """Hash of the newest entry."""
        return str(self.entries[-1]["hash"]) if self.entries else FIRST

    @property
    def of_releases(self) -> tuple[dict[str, Any], ...]:
        """The entries about releases, in order: all but waivers."""
        return tuple(entry for entry in self.entries if entry["kind"] != WAIVER)

    @property
    def current(self) -> str | None:
        """The release that the newest `release` or `rollback` makes current; a `history` entry makes none."""
        moving = [entry["release_id"] for entry in self.of_releases if entry["kind"] != "history"]
        return str(moving[-1]) if moving else None

    def released(self) -> dict[str, dict[str, Any]]:
        """The entries that published something, by release id."""
        return {entry["release_id"]: entry for entry in self.entries if entry["kind"] in PUBLISHING}


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    if not isinstance(entry, dict) or not entry.keys() >= _NEEDED:
        return None
    return entry if entry["kind"] == WAIVER or "release_id" in entry else None


def read(home: Home) -> Ledger:
    """Read the ledger of a home. PublishError if a whole line is unreadable."""
    content = home.ledger.read_bytes() if home.ledger.exists() else b""
    *lines, torn = content.split(b"\n")
    entries: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        entry = _parsed(line)
        if entry is None:
            raise PublishError(
                f"line {number} of the ledger cannot be read",
                where=f"{home.ledger}:{number}",
                todo="restore the ledger from a copy; a line that a crash tore is the last one and has no line end",
            )
        entries.append(entry)
    return Ledger(tuple(entries), len(content) - len(torn), is_torn=bool(torn))


def broken_links(ledger: Ledger) -> list[str]:
    """What is wrong with the chain, in words; empty if every entry is sealed and follows the one before."""
    faults, before = [], FIRST
    for number, entry in enumerate(ledger.entries, start=1):
        body = {name: value for name, value in entry.items() if name != "hash"}
        if entry.get("hash") != digest(body):
            faults.append(f"entry {number} was changed after it was written")
        if entry.get("prev") != before or entry.get("seq") != number:
            faults.append(f"entry {number} does not follow the entry before it")
        before = str(entry.get("hash"))
    return faults


def append(home: Home, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """Add one entry and force it to disk; gives the sealed entry."""
    ledger = read(home)
    faults = broken_links(ledger)
    if faults:
        raise PublishError(
            f"the ledger is not whole: {faults[0]}", where=str(home.ledger), todo="run: weir verify"
        )
    entry = {**body, "kind": kind, "seq": len(ledger.entries) + 1, "prev": ledger.head}
    entry["hash"] = digest(entry)
    handle = os.open(home.ledger, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        os.ftruncate(handle, ledger.length)
        os.pwrite(handle, canonical_json(entry) + b"\n", ledger.length)
        os.fsync(handle)
    finally:
        os.close(handle)
    fsync_path(home.root)
    return entry
