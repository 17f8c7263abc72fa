"""The journal of one walk: fetched lines, and behind each batch the place from which to go on, in one append.

A commit holds the checksum of its lines. What stands behind the last one that is whole was torn, by a killed process
or by a power cut, and is cut off at the next opening: it will be asked for again.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

COMMIT = b"#"  # no JSON object begins with it
SYNC_SECONDS = 1.0  # what a power cut may cost; a killed process loses nothing that was written


class Journal:
    """One append-only file. `last` is the newest commit, `rows` the lines before it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: dict[str, Any] | None = None
        self.rows = self.bytes = 0
        self._synced = 0.0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._recover()

    def _recover(self) -> None:
        if not self.path.exists():
            return
        position = rows = checksum = 0
        with self.path.open("rb") as stream:
            for found in stream:
                position += len(found)
                if not found.startswith(COMMIT):
                    rows, checksum = rows + 1, zlib.crc32(found, checksum)
                    continue
                commit = _parsed(found)
                if commit is None or commit["crc"] != checksum:
                    break
                self.bytes, self.rows, self.last, checksum = position, rows, commit["place"], 0
        if self.bytes < self.path.stat().st_size:
            os.truncate(self.path, self.bytes)

    def append(self, lines: list[bytes], place: dict[str, Any]) -> None:
        """Add a batch and the place behind it: both are there from now on, or neither."""
        content = b"".join(one + b"\n" for one in lines)
        commit = {"crc": zlib.crc32(content), "place": place}
        content += COMMIT + orjson.dumps(commit) + b"\n"
        with self.path.open("ab") as stream:
            stream.write(content)
            stream.flush()
            if time.monotonic() - self._synced > SYNC_SECONDS:
                os.fsync(stream.fileno())
                self._synced = time.monotonic()
        self.last, self.rows, self.bytes = place, self.rows + len(lines), self.bytes + len(content)

    def lines(self) -> Iterator[bytes]:
        """All committed lines in order, without their ends."""
        if self.path.exists():
            with self.path.open("rb") as stream:
                yield from (found.rstrip(b"\n") for found in stream if not found.startswith(COMMIT))

    def drop(self) -> None:
        """Forget it: its lines are archived."""
        self.path.unlink(missing_ok=True)
        self.last, self.rows, self.bytes = None, 0, 0


def _parsed(found: bytes) -> dict[str, Any] | None:
    """A whole commit, or None."""
    if not found.endswith(b"\n"):
        return None
    try:
        commit = orjson.loads(found[1:])
    except ValueError:
        return None
    return commit if isinstance(commit, dict) and {"crc", "place"} <= commit.keys() else None
