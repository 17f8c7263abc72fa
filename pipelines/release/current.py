"""CURRENT: the link that readers resolve once, and how a home comes to rest after a crash."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.files import fsync_path, is_alive
from pipelines.release import ledger

if TYPE_CHECKING:
    from pipelines.home import Home


def current_id(home: Home) -> str | None:
    """The release that CURRENT names, if any."""
    return home.current.readlink().name if home.current.is_symlink() else None


def point_current_at(home: Home, release_id: str) -> None:
    """Move CURRENT in one step: a reader sees the old release or the new one."""
    temporary = home.root / f".CURRENT.{os.getpid()}.tmp"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path("releases") / release_id)
    temporary.replace(home.current)
    fsync_path(home.root)


def sweep(home: Home) -> None:
    """Delete the candidates of processes that are gone."""
    for path in home.staging.glob("*.tmp") if home.staging.is_dir() else ():
        if not is_alive(path.name.split(".")[-2]):
            shutil.rmtree(path)


def recover(home: Home) -> None:
    """Bring a home to rest after a crash: the ledger is the truth.

    A folder under `releases/` that no ledger line names was never published: it goes away. A CURRENT that
    is behind the newest line is moved to it. The caller holds the home's lock.
    """
    entries = ledger.read(home)
    named = entries.released()
    for folder in sorted(home.releases.iterdir()) if home.releases.is_dir() else ():
        if folder.name not in named:
            folder.chmod(0o755)
            litter = folder.rename(home.staging / f"{folder.name}.tmp")
            fsync_path(home.releases)
            shutil.rmtree(litter)
    for leftover in home.root.glob(".CURRENT.*.tmp"):
        leftover.unlink()
    if entries.current is not None and current_id(home) != entries.current:
        point_current_at(home, entries.current)
    sweep(home)
