"""Where the quality report of a release or of a run lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.files import read_json
from pipelines.home import Home
from pipelines.reader import open_release

NAME = "report.json"


def _newest_run(home: Home) -> Path | None:
    found = [path.parent for path in home.runs.glob(f"*/{NAME}")] if home.runs.is_dir() else []
    return max(found, key=lambda folder: (folder / NAME).stat().st_mtime, default=None)


def _folder(home: Home, release_id: str | None, run_id: str | None) -> Path:
    if run_id is not None:
        return home.runs / Path(run_id).name
    if release_id is not None:
        return open_release(home, release_id).path
    newest = _newest_run(home)
    return newest if newest is not None else open_release(home).path


def find_report(home: Home, release_id: str | None, run_id: str | None) -> tuple[Path, dict[str, Any]]:
    """Folder and content of the report asked for; of the last run if neither is named.

    Raises:
        UsageError: there is none.
    """
    folder = _folder(home, release_id, run_id)
    if not (folder / NAME).is_file():
        raise UsageError(
            "there is no report there", where=str(folder), todo="weir status lists releases and runs"
        )
    return folder, dict(read_json(folder / NAME))
