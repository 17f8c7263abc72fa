"""The release that a run carries on: what was said of closed periods is taken over from it, not computed anew.

It is the newest release whose business date is not after the run's own. One that was rolled back is none, nor is
one of kind `history`: nobody was told those figures. A backfill of an earlier date finds the release of that
time. In a home that rebuilds, there are no releases; the carried one was laid out in `carried/`.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pipelines.errors import PublishError
from pipelines.files import fsync_path, read_json, sha256_of
from pipelines.release import ledger

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.home import Home

MANIFEST = "manifest.json"
_RESTORE = "restore the release from a copy, or weir rollback to one that verifies"


@dataclass(frozen=True)
class Carried:
    """What a manifest keeps of it: enough to find it again and to see that it is the same."""

    release_id: str
    as_of: str
    logical_hash: str

    def record(self) -> dict[str, str]:
        """The same as JSON."""
        return asdict(self)


def standing(home: Home) -> list[str]:
    """Ids of the releases that stand, oldest first: a rollback takes away all that came after its target."""
    found: list[str] = []
    for entry in ledger.read(home).of_releases:
        release_id = str(entry["release_id"])
        if entry["kind"] == "release":
            found.append(release_id)
        elif entry["kind"] == "rollback":
            found = [*found[: found.index(release_id)], release_id] if release_id in found else [release_id]
    return found


def choose(home: Home, as_of: str) -> Carried | None:
    """The release that a run of this business date carries on; None if there is none.

    Raises:
        PublishError: that release is not what its manifest says. Its figures would be carried on for ever.
    """
    for folder in [*(home.releases / one for one in reversed(standing(home))), *laid_out(home)]:
        if (folder / MANIFEST).is_file() and read_json(folder / MANIFEST)["as_of"] <= as_of:
            return _checked(folder)
    return None


def folder_of(home: Home, carried: dict[str, Any] | None) -> Path | None:
    """Where the tables of a carried release lie."""
    if carried is None:
        return None
    found = home.releases / str(carried["release_id"])
    return found if found.is_dir() else home.carried / found.name


def laid_out(home: Home) -> list[Path]:
    """Folders of releases that another home made and this one may carry on: one, or none."""
    return sorted(home.carried.iterdir()) if home.carried.is_dir() else []


def lay_out(home: Home, second: Home, carried: dict[str, Any] | None) -> None:
    """Copy the tables of a carried release into a second home.

    Raises:
        PublishError: the release is gone, or is another one than was carried on.
    """
    if carried is None:
        return
    source = folder_of(home, carried)
    if source is None or not (source / MANIFEST).is_file():
        raise PublishError(
            f"{carried['release_id']}, which it carries on, is gone", where=str(source), todo=_RESTORE
        )
    if _checked(source).logical_hash != carried["logical_hash"]:
        raise PublishError(
            f"{carried['release_id']} is not the one carried on", where=str(source), todo=_RESTORE
        )
    target = second.carried / source.name
    target.mkdir(parents=True)
    for path in [source / MANIFEST, *source.glob("*.parquet")]:
        shutil.copyfile(path, target / path.name)
    fsync_path(target)


def _checked(folder: Path) -> Carried:
    manifest = read_json(folder / MANIFEST)
    for entry in manifest["files"]:
        path = folder / entry["name"]
        if path.suffix == ".parquet" and (not path.is_file() or sha256_of(path) != entry["sha256"]):
            raise PublishError(
                f"{path.name} of {folder.name}, which is carried on, differs from its manifest",
                where=str(path),
                todo=_RESTORE,
            )
    return Carried(folder.name, manifest["as_of"], manifest["logical_hash"]["all"])
