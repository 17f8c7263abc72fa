"""What one source looked like at its last collection: `archive/state/<source>.json`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.files import pretty_json, read_json, write_atomic
from pipelines.home import Home


@dataclass
class State:
    """What a source's folder looked like at the last collection; lets unchanged files go unread.

    `waiting` says of files without a receipt why they are left for the next look; `looks` how they looked.
    `held` says of objects of a live source why records that it no longer has were not taken for deleted.
    `newest` is the time of the newest receipt: a clock that went back must not put a later extract before an earlier.
    """

    seen: dict[str, list[Any]] = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)
    unready: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    looks: dict[str, list[Any]] = field(default_factory=dict)
    newest: str | None = None
    held: dict[str, str] = field(default_factory=dict)


def state_path(home: Home, source: str) -> Path:
    """Where the state of a source's collection lies."""
    return home.root / "archive" / "state" / f"{source}.json"


def read_state(home: Home, source: str) -> State:
    """The state of the last collection; empty before the first."""
    path = state_path(home, source)
    return State(**read_json(path)) if path.exists() else State()


def write_state(home: Home, source: str, state: State) -> None:
    """Keep the state of a collection."""
    write_atomic(state_path(home, source), pretty_json(state.__dict__))
