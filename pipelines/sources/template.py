"""A source folder to begin with: the packaged contracts of a kind of live source, or a small source of files."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.errors import UsageError

HERE = Path(__file__).parent


def _templates() -> dict[str, Path]:
    live = {path.parent.name: path for path in (HERE / "live").glob("*/template")}
    return {"files": HERE / "first", **live}


def kinds() -> list[str]:
    """Kinds that have a template."""
    return sorted(_templates())


def new_source(kind: str, folder: Path) -> list[str]:
    """Copy the template of a kind into a folder that is not there yet, or empty; returns the names of its files.

    Raises:
        UsageError: there is no such template, or the folder holds something.
    """
    if kind not in kinds():
        raise UsageError(f"no template for {kind!r}", todo=f"one of {', '.join(kinds())}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there already", where=str(folder), todo="name a folder that is not there"
        )
    shutil.copytree(_templates()[kind], folder, dirs_exist_ok=True)
    return sorted(path.name for path in folder.iterdir())
