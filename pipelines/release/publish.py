"""Publishing: the one function that moves CURRENT, and everything that it refuses first.

The gate lives here and not in an orchestrator: a release needs a passing verdict of this very run over
exactly the staged bytes. The order of writes is such that a crash at any point leaves the old release or
the new one, never something between: files, manifest, folder, rename, `releases/`, ledger, link, root, each
forced to disk.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from pipelines.errors import GateError, PublishError
from pipelines.files import fsync_path, pretty_json, read_json, sha256_of
from pipelines.home import Home
from pipelines.release import ledger
from pipelines.release.candidate import Candidate
from pipelines.release.current import current_id, point_current_at, recover
from pipelines.settings import now

VERDICT = "verdict.json"
MANIFEST = "manifest.json"
UNJUDGED = {VERDICT, "report.json", "report.html"}
_NOTHING = "nothing was published and CURRENT did not move"


def judged_files(folder: Path) -> list[Path]:
    """The files of a candidate that the verdict is about: all but the verdict and the report on it."""
    return sorted(path for path in folder.iterdir() if path.name not in UNJUDGED | {MANIFEST})


def _refuse(
    what: str, where: Path | str, todo: str = "run again; the gate judges each candidate anew"
) -> None:
    raise GateError(f"{what}: {_NOTHING}", where=str(where), todo=todo)


def check_verdict(candidate: Candidate, verdict: dict[str, Any]) -> None:
    """Refuse unless the verdict passes this candidate of this run, byte for byte.

    Raises:
        GateError: with the first reason found.
    """
    where = candidate.folder
    if not verdict:
        _refuse("there is no verdict of this run", where, "launch the whole job, not the release alone")
    if verdict.get("verdict") != "pass":
        reasons = "; ".join(verdict.get("reasons") or ["no reason given"])
        _refuse(
            f"the gate refused: {reasons}", where, "weir report shows every check; mend the data or the rule"
        )
    if verdict.get("run_id") != candidate.run_id or verdict.get("as_of") != candidate.as_of:
        _refuse(f"the verdict is of run {verdict.get('run_id')}, not of run {candidate.run_id}", where)
    counts = verdict.get("checks") or {}
    if (
        not counts.get("evaluated")
        or counts["evaluated"] < counts.get("expected", 0)
        or not counts.get("expected")
    ):
        _refuse(
            f"{counts.get('evaluated', 0)} of {counts.get('expected', 0)} expected checks were evaluated",
            where,
        )
    _check_waivers(candidate, verdict)
    _check_bytes(candidate, verdict)


def _check_waivers(candidate: Candidate, verdict: dict[str, Any]) -> None:
    """A check that was waived needs a waiver that has not expired on the candidate's business date."""
    standing = {one["check_id"] for one in verdict.get("waivers") or () if candidate.as_of <= one["expires"]}
    waived = {one["check_id"] for one in verdict.get("results") or () if one["status"] == "waived"}
    if waived - standing:
        _refuse(f"{', '.join(sorted(waived - standing))} has no waiver that still counts", candidate.folder)


def _check_bytes(candidate: Candidate, verdict: dict[str, Any]) -> None:
    judged = verdict.get("digests") or {}
    found = {path.name: sha256_of(path) for path in judged_files(candidate.folder)}
    differing = sorted(name for name in judged.keys() | found.keys() if judged.get(name) != found.get(name))
    if differing or not found:
        _refuse(f"{', '.join(differing) or 'no file'} differs from what the gate judged", candidate.folder)
    may_be_empty = set(verdict.get("empty_ok") or ())
    empty = sorted(
        name for name, one in candidate.tables.items() if one.rows == 0 and name not in may_be_empty
    )
    if empty or not candidate.tables:
        _refuse(f"no rows in {', '.join(empty) or 'any table'}", candidate.folder)


def publish(
    home: Home, candidate: Candidate | dict[str, Any], verdict: dict[str, Any], run: dict[str, Any]
) -> str:
    """Publish the candidate, and make it the current release unless that would take readers back in time.

    A release of an earlier business date than the current one, such as a backfill makes, enters the ledger as
    `history`: it can be read by its id, CURRENT stays. `weir rollback` is how CURRENT goes back.

    Args:
        home: The home, whose lock the caller holds.
        candidate: What `stage` gave, or its record. The quality report may have been added to its folder.
        verdict: The gate's verdict on it; empty if there is none, which refuses.
        run: What else the manifest keeps: extracts, settings, sources, code, lock_hash, engines, timings.

    Returns:
        The release id.

    Raises:
        GateError: the verdict does not allow it. Nothing was published.
        PublishError: another run published in between, or the home is damaged. Nothing was published.
    """
    recover(home)
    if isinstance(candidate, dict):
        candidate = Candidate.from_record(candidate)
    check_verdict(candidate, verdict)
    _compare_parent(home, candidate)
    (candidate.folder / VERDICT).write_bytes(pretty_json(verdict))
    manifest = _manifest(candidate, verdict, run)
    _write_durably(candidate.folder, pretty_json(manifest))
    target = home.releases / candidate.release_id
    if target.exists():
        raise PublishError(f"release {target.name} is there already", where=str(target), todo="weir verify")
    candidate.folder.rename(target)
    fsync_path(home.releases)
    kind = _kind(home, candidate)
    ledger.append(
        home,
        kind,
        {
            "release_id": candidate.release_id,
            "parent_id": candidate.parent_id,
            "as_of": candidate.as_of,
            "run_id": candidate.run_id,
            "manifest_sha256": sha256_of(target / MANIFEST),
            "logical_hash": candidate.logical_hash,
            "at": now().isoformat(),
        },
    )
    if kind == "release":
        point_current_at(home, candidate.release_id)
    _lock_folder(target)
    return candidate.release_id


def _kind(home: Home, candidate: Candidate) -> str:
    manifest = home.current / MANIFEST
    current = read_json(manifest)["as_of"] if manifest.is_file() else candidate.as_of
    return "history" if candidate.as_of < current else "release"


def _compare_parent(home: Home, candidate: Candidate) -> None:
    found = current_id(home)
    if found != candidate.parent_id:
        raise PublishError(
            f"CURRENT is {found}, the candidate was built on {candidate.parent_id}: {_NOTHING}",
            where=str(home.current),
            todo="run again on top of the newer release",
        )


def _manifest(candidate: Candidate, verdict: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
    files = []
    for path in sorted(one for one in candidate.folder.iterdir() if one.name != MANIFEST):
        entry: dict[str, Any] = {"name": path.name, "sha256": sha256_of(path), "bytes": path.stat().st_size}
        table = candidate.tables.get(path.stem) if path.suffix == ".parquet" else None
        if table is not None:
            entry |= {
                "rows": table.rows,
                "columns": [{"name": name, "type": kind} for name, kind in table.columns],
                "control_totals": table.control_totals,
            }
        files.append(entry)
    hashes: dict[str, Any] = {
        name: {"rows": one.rows, "hash": one.logical_hash} for name, one in candidate.tables.items()
    }
    return {
        **run,
        "release_id": candidate.release_id,
        "parent_id": candidate.parent_id,
        "as_of": candidate.as_of,
        "run_id": candidate.run_id,
        "verdict": {
            "verdict": verdict["verdict"],
            "checks": verdict["checks"],
            "suite_hash": verdict.get("suite_hash"),
            "sha256": sha256_of(candidate.folder / VERDICT),
        },
        "files": files,
        "logical_hash": {**hashes, "all": candidate.logical_hash},
    }


def _write_durably(folder: Path, manifest: bytes) -> None:
    for path in sorted(folder.iterdir()):
        path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        fsync_path(path)
    with (folder / MANIFEST).open("wb") as stream:
        stream.write(manifest)
        stream.flush()
        os.fsync(stream.fileno())
    (folder / MANIFEST).chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    fsync_path(folder)


def _lock_folder(folder: Path) -> None:
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
