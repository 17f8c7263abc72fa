"""Where the quality report of a release or of a run lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.errors import UsageError
from pipelines.files import read_json
from pipelines.home import Home
from pipelines.reader import open_release

NAME = "report.json"


def _runs(home: Home) -> list[Path]:
    """Folders of runs that came as far as landing, newest last."""
    found = [path.parent for path in home.runs.glob("*/landing.json")] if home.runs.is_dir() else []
    return sorted(found, key=lambda folder: ((folder / "landing.json").stat().st_mtime, folder.name))


def _folder(home: Home, release_id: str | None, run_id: str | None) -> Path:
    if run_id is not None:
        return home.runs / Path(run_id).name
    if release_id is not None:
        return open_release(home, release_id).path
    found = _runs(home)
    return found[-1] if found else open_release(home).path


def _ended_early(folder: Path) -> bool:
    return (folder / "error.json").is_file() and not (folder / NAME).is_file()


def find_report(home: Home, release_id: str | None, run_id: str | None) -> tuple[Path, dict[str, Any]]:
    """Folder and content of the report asked for; of the last run if neither is named.

    A run that ended before the gate gets its report here.

    Raises:
        UsageError: there is none.
    """
    folder = _folder(home, release_id, run_id)
    if _ended_early(folder):
        from pipelines.audit.early import early_report

        return folder, early_report(folder, home.current.resolve() if home.current.is_symlink() else None)
    if not (folder / NAME).is_file():
        raise UsageError(
            "there is no report there", where=str(folder), todo="weir status lists releases and runs"
        )
    return folder, dict(read_json(folder / NAME))


def last_result(home: Home, check_id: str) -> dict[str, Any]:
    """What a check said in the last run, however that ended.

    Raises:
        UsageError: there was no run, or it made no such check.
    """
    found = _runs(home)
    if not found:
        raise UsageError("no run has judged anything yet", where=str(home.runs), todo="weir run --source DIR")
    verdict, landing = found[-1] / "verdict.json", found[-1] / "landing.json"
    told = read_json(verdict)["results"] if verdict.is_file() else read_json(landing)["checks"]
    known = {str(one["check_id"]): dict(one) for one in told}
    if check_id not in known:
        what = f"the last run made no check {check_id}"
        raise UsageError(what, where=str(found[-1]), todo="weir report --json lists the checks")
    return known[check_id]
