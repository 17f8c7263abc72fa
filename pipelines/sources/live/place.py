"""Where the collection of one object stands: what is archived, and how far its walk has come.

`archive/live/<source>/<object>.json` is written when an extract is archived; `<object>.journal` holds what came since.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.files import pretty_json, read_json, write_atomic
from pipelines.home import Home


@dataclass
class Walk:
    """A walk that is not over. `since` is frozen; `resume` is the client's own.

    `began` is the instant before its first call: what changed later may or may not be in it. `seen` is the newest
    change so far, `newest` the change up to which nothing is left to come.
    """

    since: str | None
    began: str
    resume: dict[str, Any] | None = None
    newest: str | None = None
    seen: str | None = None
    got: int = 0


@dataclass
class Place:
    """`archived` counts the extracts of the object; `watermark`: all changes up to it are in them."""

    archived: int = 0
    watermark: str | None = None
    walk: Walk | None = None


def folder_of(home: Home, source: str) -> Path:
    """Where the places of a source's objects lie."""
    return home.root / "archive" / "live" / source


def _file(home: Home, source: str, name: str) -> Path:
    return folder_of(home, source) / f"{name.replace('/', '.')}.json"


def journal_path(home: Home, source: str, name: str) -> Path:
    """Where the journal of an object's walk lies."""
    return _file(home, source, name).with_suffix(".journal")


def read_place(home: Home, source: str, name: str) -> Place:
    """The place of an object; the beginning if it was never fetched."""
    path = _file(home, source, name)
    if not path.exists():
        return Place()
    kept = read_json(path)
    walk = Walk(**kept.pop("walk")) if kept["walk"] else kept.pop("walk")
    return Place(walk=walk, **kept)


def write_place(home: Home, source: str, name: str, place: Place) -> None:
    """Keep the place of an object."""
    write_atomic(_file(home, source, name), pretty_json(asdict(place)))
