"""The journal of one walk: fetched lines, and behind each batch the place from which to go on, in one append.

What stands behind the last complete commit was torn by a crash and is cut off at the next opening.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

COMMIT = b"#"  # no JSON object begins with it


class Journal:
    """One append-only file. `last` is the newest commit, `rows` the lines before it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: dict[str, Any] | None = None
        self.rows = self.bytes = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._recover()

    def _recover(self) -> None:
        if not self.path.exists():
            return
        position = rows = end = 0
        with self.path.open("rb") as stream:
            for found in stream:
                position += len(found)
                if not found.endswith(b"\n"):
                    break
                if found.startswith(COMMIT):
                    end, self.rows, self.last = position, rows, orjson.loads(found[1:])
                else:
                    rows += 1
        self.bytes = end
        if end < self.path.stat().st_size:
            os.truncate(self.path, end)

    def append(self, lines: list[bytes], commit: dict[str, Any]) -> None:
        """Add a batch and its commit: on disk when this returns, or not at all."""
        content = b"".join(one + b"\n" for one in lines) + COMMIT + orjson.dumps(commit) + b"\n"
        with self.path.open("ab") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        self.last, self.rows, self.bytes = commit, self.rows + len(lines), self.bytes + len(content)

    def lines(self) -> Iterator[bytes]:
        """All committed lines in order, without their ends."""
        if self.path.exists():
            with self.path.open("rb") as stream:
                yield from (found.rstrip(b"\n") for found in stream if not found.startswith(COMMIT))

    def drop(self) -> None:
        """Forget it: its lines are archived."""
        self.path.unlink(missing_ok=True)
        self.last, self.rows, self.bytes = None, 0, 0
