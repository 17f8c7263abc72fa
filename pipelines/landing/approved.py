"""Lists of keys that were let through although much lacks in them (S13): by their names, for nobody has seen the next.

The ledger has who asked and who approved; what a landing needs of it lies below the landing folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.files import pretty_json, read_json, write_atomic
from pipelines.home import Home

NAMES = ("check_id", "extract", "most", "reason", "author", "approver")


@dataclass(frozen=True)
class Approval:
    """One list that may withdraw up to `most` keys; `told` says who let it, and why."""

    most: int
    told: str


def _path(home: Home) -> Path:
    return home.landing / "approved.json"


def keep_approvals(home: Home, waivers: Iterable[dict[str, Any]]) -> None:
    """Keep those waivers that name a list, oldest first, for the landings that follow."""
    found = [{name: one[name] for name in NAMES} for one in waivers if one.get("extract")]
    if found:
        write_atomic(_path(home), pretty_json(found))
    else:
        _path(home).unlink(missing_ok=True)


def approvals(home: Home, source: str, feed: str) -> dict[str, Approval]:
    """The lists of a feed of a source that may withdraw many keys, by extract; of several for one the newest."""
    found = read_json(_path(home)) if _path(home).exists() else []
    return {
        one["extract"]: Approval(
            one["most"], f"asked by {one['author']}, approved by {one['approver']}: {one['reason']}"
        )
        for one in found
        if one["check_id"] == f"S13.{feed}.{source}"
    }
