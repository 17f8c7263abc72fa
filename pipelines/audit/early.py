"""The report of a run that ended before the gate: a file was rejected, or a model could not be built.

Nothing was staged, so it stands on what the run's folder holds: what landing counted and checked, and the error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.audit.page import render
from pipelines.audit.report import build_report
from pipelines.files import pretty_json, read_json, write_atomic
from quality.checks import ANSWERED
from quality.waivers import in_force


def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.json"
    return dict(read_json(path)) if path.is_file() else {}


def _waivers(folder: Path, as_of: str | None) -> list[dict[str, Any]]:
    """Waivers in force, none of them used; all that there are where the run ended before it had a business date."""
    found = _read(folder, "waivers").get("waivers", [])
    return [{**one, "is_used": False} for one in (in_force(found, as_of) if as_of else found)]


def _counts(landing: dict[str, Any]) -> dict[str, int]:
    states = [one["status"] for one in landing.get("checks") or []]
    counted = {state: states.count(state) for state in ("passed", "failed", "warned", "not_applicable")}
    return {
        "expected": len(landing.get("expected") or []),
        "evaluated": sum(state in ANSWERED for state in states),
        "waived": 0,
        **counted,
    }


def _verdict(folder: Path, landing: dict[str, Any]) -> dict[str, Any]:
    error = _read(folder, "error")
    rejected = [
        f"{one['rule']} {one['name']}: {one['observed']} ({one['table']})"
        for one in landing.get("checks") or []
        if one["status"] == "failed"
    ]
    as_of = _read(folder, "plan").get("as_of")
    said = " ".join(str(error.get("what") or "the run ended without saying why").split())
    return {
        "verdict": "refused",
        "run_id": folder.name,
        "as_of": as_of,
        "waivers": _waivers(folder, as_of),
        "reasons": [said, *rejected],
        "results": [],
        "checks": _counts(landing),
    }


def early_report(run_folder: Path, current: Path | None) -> dict[str, Any]:
    """Build the report of such a run and write its JSON and page into the run's folder.

    Args:
        run_folder: the folder of the run under `logs/runs`.
        current: the release that readers still see, if any.
    """
    landing = _read(run_folder, "landing")
    report = build_report(run_folder, _verdict(run_folder, landing), landing, None, {})
    report["release"]["parent_id"] = current.name if current else None
    write_atomic(run_folder / "report.json", pretty_json(report))
    write_atomic(run_folder / "report.html", render(report).encode())
    return report
