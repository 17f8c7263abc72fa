"""What `weir releases` shows: the ledger as a list, each release with its verdict's counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines.files import read_json
from pipelines.release import ledger
from pipelines.release.current import current_id

if TYPE_CHECKING:
    from pipelines.home import Home


def history(home: Home) -> list[dict[str, Any]]:
    """Entries of the ledger, oldest first; for a release also its checks, rows and whether it is current."""
    found = []
    current = current_id(home)
    for entry in ledger.read(home).of_releases:
        path = home.releases / entry["release_id"] / "manifest.json"
        manifest = read_json(path) if path.is_file() else {}
        found.append(
            {
                "seq": entry["seq"],
                "kind": entry["kind"],
                "release_id": entry["release_id"],
                "parent_id": entry.get("parent_id"),
                "as_of": manifest.get("as_of"),
                "at": entry.get("at"),
                "rows": sum(one.get("rows", 0) for one in manifest.get("files", [])),
                "checks": manifest.get("verdict", {}).get("checks"),
                "logical_hash": manifest.get("logical_hash", {}).get("all"),
                "is_there": bool(manifest),
                "is_current": entry["release_id"] == current,
            }
        )
    return found
