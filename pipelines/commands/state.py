"""What `weir status` shows: the home, its releases and runs, and the rules that stand behind a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.files import read_json
from pipelines.home import Home
from pipelines.run import summarise
from pipelines.settings import load
from pipelines.sources.superseded import kept

RUNS = 5
KINDS = {
    "S": "sources",
    "D": "dimensions",
    "T": "transactions",
    "R": "reconciliation",
    "M": "marts",
    "P": "privacy",
}


def _ending(folder: Path) -> str:
    if (folder / "published.json").is_file():
        return "released"
    if (folder / "error.json").is_file():
        return str(read_json(folder / "error.json").get("what", "failed"))
    return "no end recorded: it still runs, or it was stopped"


def runs(home: Home, most: int = RUNS) -> list[dict[str, Any]]:
    """The last runs, newest first: id, business date, verdict, release and how each ended."""
    folders = [path for path in home.runs.iterdir() if path.is_dir()] if home.runs.is_dir() else []
    newest = sorted(folders, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)[:most]
    found = []
    for folder in newest:
        said = summarise(folder)
        found.append(
            {
                "run_id": folder.name,
                "as_of": said["as_of"],
                "verdict": said["verdict"],
                "release_id": said["release_id"],
                "ending": _ending(folder),
                "seconds": round(sum(said["seconds"].values()), 2),
            }
        )
    return found


def _current(home: Home) -> dict[str, Any] | None:
    path = home.current / "manifest.json"
    if not path.is_file():
        return None
    manifest = read_json(path)
    verdict = manifest.get("verdict") or {}
    return {
        "release_id": manifest["release_id"],
        "parent_id": manifest.get("parent_id"),
        "as_of": manifest.get("as_of"),
        "verdict": verdict.get("verdict") if isinstance(verdict, dict) else verdict,
        "checks": verdict.get("checks") if isinstance(verdict, dict) else None,
    }


def _sources(home: Home) -> list[dict[str, Any]]:
    """The sources that the home has archived, with the rows and the order lines that it has landed of each."""
    from pipelines.landing.records import records
    from pipelines.landing.summary import source_totals

    landed = {one["source"]: one for one in source_totals(list(records(home)))}
    counted: dict[str, dict[str, Any]] = {}
    for path in sorted(home.receipts.glob("*.json")) if home.receipts.is_dir() else []:
        receipt = read_json(path)
        name = receipt["source"]
        one = counted.setdefault(name, {"source": name, "extracts": 0, "newest_received": ""})
        one["extracts"] += 1
        one["newest_received"] = max(one["newest_received"], str(receipt.get("received_at") or ""))
    for name, one in counted.items():
        one["superseded"] = kept(home, name)["replaced"]
        one |= {key: landed.get(name, {}).get(key) for key in ("rows", "order_lines")}
    return list(counted.values())


def status(home: Home) -> dict[str, Any]:
    """The state of a home, from its files alone."""
    released = [path for path in home.releases.iterdir() if path.is_dir()] if home.releases.is_dir() else []
    conflicts = list(home.conflicts.glob("*.json")) if home.conflicts.is_dir() else []
    return {
        "home": str(home.root),
        "is_prepared": home.is_prepared,
        "current": _current(home),
        "releases": len(released),
        "runs": runs(home),
        "configured_sources": [str(path) for path in load(home).sources],
        "sources": _sources(home),
        "conflicts": len(conflicts),
        "quarantine": _quarantine_counts(home),
    }


def _quarantine_counts(home: Home) -> dict[str, int]:
    from pipelines.commands.held import groups

    counted: dict[str, int] = {}
    for group in groups(home):
        counted[group["kind"]] = counted.get(group["kind"], 0) + group["row_count"]
    return counted


def rules() -> dict[str, Any]:
    """All named rules: those in thresholds.yml with severity and limit, and those that wait, with the reason."""
    from quality.thresholds import all_rule_ids, thresholds

    known = thresholds()
    named = all_rule_ids()
    ids = [
        *named,
        *sorted(set(known.rules) - set(named)),
    ]  # the gate's own rules have no name in the catalogue
    listed = [_rule(rule, known.rules.get(rule), known.later) for rule in ids]
    kinds = [_kind(letter, listed[: len(named)]) for letter in KINDS]
    counts = {name: sum(one[name] for one in kinds) for name in ("implemented", "in_part", "named")}
    return {**counts, "kinds": kinds, "rules": listed}


def _kind(letter: str, listed: list[dict[str, Any]]) -> dict[str, Any]:
    rules = [one for one in listed if one["rule"].startswith(letter)]
    return {
        "kind": f"{letter} {KINDS[letter]}",
        "implemented": sum(one["is_implemented"] for one in rules),
        "in_part": sum(one["state"] == "in part" for one in rules),
        "named": len(rules),
    }


def _rule(rule: str, one: Any, later: dict[str, str]) -> dict[str, Any]:
    return {
        "rule": rule,
        "is_implemented": one is not None,
        "state": "later" if one is None else "in part" if one.part else "implemented",
        "severity": one.severity if one else None,
        "limit": one.limit if one else None,
        "tools": list(one.tools) if one else [],
        "reason": one.reason if one else f"later: {later.get(rule, 'not implemented')}",
        "not_judged_yet": one.part if one else "",
    }
