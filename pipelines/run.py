"""The main job from the command line: the same Dagster job that the server runs, executed in this process."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import DONE, FAULT, UsageError, WeirError
from pipelines.files import read_json
from pipelines.home import run_lock
from pipelines.inputs import inputs, nothing_new
from pipelines.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `summary` is what `weir run --json` prints; `error` is set when there is no release to show."""

    exit_code: int
    release_id: str | None
    summary: dict[str, Any]
    error: WeirError | None = None
    is_nothing_new: bool = False
    folder: Path | None = field(default=None)


def run(settings: Settings, source_folders: list[Path], as_of: date | None = None) -> Outcome:
    """Collect, land, build, judge and release; or see, before anything heavy is imported, that nothing is new.

    Raises:
        UsageError: no source is given or configured, a source folder is wrong, or another run holds the home.
    """
    home = settings.home
    home.prepare()
    folders = [one.resolve() for one in source_folders] or list(settings.sources)
    if not folders:
        raise UsageError(
            "no source to run", where=str(home.root), todo="give --source DIR, or `weir source add DIR`"
        )
    with run_lock(home):
        is_whole, waiting = _collect(settings, folders)
        current = is_whole and nothing_new(settings, inputs(settings, folders, as_of))
        if current:
            unchanged = {**_unchanged(settings, current), "waiting": waiting}
            return Outcome(DONE, current["release_id"], unchanged, is_nothing_new=True)
        outcome = _execute(settings, folders, as_of)
        outcome.summary["waiting"] = waiting
        return outcome


def _collect(settings: Settings, folders: list[Path]) -> tuple[bool, list[str]]:
    """Archive what arrived: whether nothing of it was refused, and which files are left for the next run."""
    from pipelines.sources.collect import collect_source
    from pipelines.sources.definition import load_source
    from pipelines.sources.state import read_state
    from pipelines.sources.superseded import replaced_by

    is_whole = True
    waiting: list[str] = []
    for folder in folders:
        source = load_source(folder)
        collect_source(source, settings.home)
        state = read_state(settings.home, source.name)
        open_conflicts = state.conflicts.keys() - replaced_by(settings.home, source.name).keys()
        is_whole = is_whole and not (open_conflicts or state.unready)
        waiting += [f"{source.name}: {file}: {why}" for file, why in state.waiting.items()]
    return is_whole, waiting


def _unchanged(settings: Settings, manifest: dict[str, Any]) -> dict[str, Any]:
    kept = {name: manifest[name] for name in ("release_id", "parent_id", "as_of")}
    report = settings.home.current / "report.json"
    landing = read_json(report)["landing"] if report.is_file() else {}
    return {**kept, "verdict": "nothing new", "sources": landing.get("sources", [])}


def _execute(settings: Settings, folders: list[Path], as_of: date | None) -> Outcome:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    from pipelines.assets.unkept import unkept_instance
    from pipelines.definitions import defs

    config = {
        "home": str(settings.home.root),
        "sources": [str(one) for one in folders],
        "as_of": as_of.isoformat() if as_of else "",
        "is_fetched": True,
    }
    with unkept_instance() as instance:
        result = defs.resolve_job_def("daily").execute_in_process(
            run_config={
                "resources": {"weir": {"config": config}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
            raise_on_error=False,
        )
    failures = [] if result.success else result.get_step_failure_events()
    said = [one.step_failure_data.user_failure_data for one in failures]
    return outcome(settings, result.run_id, next((one.description for one in said if one), None))


def outcome(settings: Settings, run_id: str, said: str | None = None) -> Outcome:
    """Read a finished run's folder: released, refused, or failed with its error.

    `said` is what the failed step said of itself: all that there is if the disk had no room for more.
    """
    folder = settings.home.runs / run_id
    summary = summarise(folder)
    if (folder / "published.json").exists():
        return Outcome(DONE, summary["release_id"], summary, folder=folder)
    what, *more = (said or "the run ended without a release and without saying why").splitlines()
    error = WeirError("; ".join([what, *more]), where=str(folder))
    if (folder / "error.json").exists():
        kept = read_json(folder / "error.json")
        error = WeirError(kept["what"], where=kept["where"], todo=kept["todo"])
        error.exit_code = kept["exit_code"]
    return Outcome(error.exit_code or FAULT, None, summary, error, folder=folder)


def summarise(folder: Path) -> dict[str, Any]:
    """What `weir run --json` prints of a run's folder, as far as the run came."""
    kept = {path.stem: read_json(path) for path in folder.glob("*.json")}
    landing, verdict = kept.get("landing", {}), kept.get("verdict", {})
    counts = {
        name: landing.get(name) for name in ("read", "accepted", "quarantined", "duplicates", "rejected")
    }
    return {
        "run_id": folder.name,
        "release_id": kept.get("published", {}).get("release_id"),
        "parent_id": kept.get("candidate", {}).get("parent_id"),
        "is_current": kept.get("published", {}).get("is_current", False),
        "verdict": verdict.get("verdict", "none"),
        "reasons": verdict.get("reasons", []),
        "as_of": kept.get("plan", {}).get("as_of"),
        **counts,
        "sources": landing.get("sources", []),
        "unlisted": kept.get("report", {}).get("unlisted", []),
        "checks": verdict.get("checks", {}),
        "marts": kept.get("candidate", {}).get("marts", {}),
        "seconds": kept.get("seconds", {}),
        "peak_mb": kept.get("peak_mb", {}),
    }
