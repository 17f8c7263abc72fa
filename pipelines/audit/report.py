"""The quality report as data: canonical JSON, from which the page is rendered and nothing else.

It speaks of one candidate: what was checked, what the sums are, what was held back, what changed, and the hashes to
verify it by. It is written for refused runs too.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.audit import changes, figures, held, reconcile
from pipelines.audit.masking import scrub_personal
from pipelines.audit.unlisted import unlisted
from pipelines.files import canonical_json, pretty_json
from pipelines.reader import Release, connect, identifier

if TYPE_CHECKING:
    import duckdb

FORMAT = "weir.report/1"
STATES = ("failed", "error", "not_run", "warned", "waived", "not_applicable", "passed")
CHECK_FIELDS = (
    "check_id", "rule", "name", "tool", "severity", "status", "layer", "table",
    "observed", "limit", "failing_count", "failing_keys", "where",
)  # fmt: skip


def _check(result: dict[str, Any]) -> dict[str, Any]:
    check = {field: result.get(field) for field in CHECK_FIELDS}
    check["failing_keys"] = [scrub_personal(str(key)) for key in result.get("failing_keys") or []][:5]
    check["failing_count"] = int(result.get("failing_count") or 0)
    for field in ("observed", "limit", "name"):
        check[field] = scrub_personal(str(result.get(field) or ""))
    check["where"] = _in_home(str(result.get("where") or ""))
    check["is_waived"] = bool(result.get("is_waived") or result.get("waived"))
    check["reason"] = scrub_personal(str(result.get("reason") or ""))
    return check


def _in_home(where: str) -> str:
    """A place inside the home, without the machine's own path."""
    start = where.find("/quarantine/")
    return where[start + 1 :] if start >= 0 else where


def _not_run(check_id: str) -> dict[str, Any]:
    rule = check_id.split(".", 1)[0]
    return _check({"check_id": check_id, "rule": rule, "status": "not_run", "layer": "unknown"})


def _expected_ids(verdict: dict[str, Any], landing_summary: dict[str, Any]) -> list[str]:
    return [str(one) for said in (verdict, landing_summary) for one in said.get("expected") or []]


def checks(verdict: dict[str, Any], landing_summary: dict[str, Any]) -> dict[str, Any]:
    """Every expected check once, worst first; an expected one without a result stands there as not_run."""
    results = list(verdict.get("results") or [])
    known = {result["check_id"] for result in results}
    results += [r for r in landing_summary.get("checks") or [] if r["check_id"] not in known]
    known |= {result["check_id"] for result in results}
    listed = [_check(result) for result in results]
    missing = dict.fromkeys(_expected_ids(verdict, landing_summary))
    listed += [_not_run(one) for one in missing if one not in known]
    listed.sort(key=lambda one: (STATES.index(one["status"]), str(one["layer"]), one["check_id"]))
    by_layer: dict[str, Counter[str]] = {}
    for one in listed:
        by_layer.setdefault(str(one["layer"]), Counter())[one["status"]] += 1
    return {
        "counts": verdict.get("checks") or {},
        "by_layer": {layer: dict(counter) for layer, counter in by_layer.items()},
        "by_state": dict(Counter(one["status"] for one in listed)),
        "results": listed,
    }


def _landing(summary: dict[str, Any]) -> dict[str, Any]:
    """What landing counted; its checks stand with all the others."""
    replaced = [
        {**one, "reason": scrub_personal(str(one["reason"]))} for one in summary.get("superseded") or []
    ]
    return {**{key: value for key, value in summary.items() if key != "checks"}, "superseded": replaced}


def _verdict(verdict: dict[str, Any], published: bool) -> dict[str, Any]:
    kept = {key: verdict.get(key) for key in ("verdict", "run_id", "as_of", "created_at", "suite_hash")}
    kept["reasons"] = [scrub_personal(str(reason)) for reason in verdict.get("reasons") or []]
    kept["is_published"] = published
    kept["waivers"] = [
        {**one, "reason": scrub_personal(str(one["reason"]))} for one in verdict.get("waivers") or []
    ]
    return kept


def _evidence(candidate: Release, verdict: dict[str, Any], manifest: dict[str, Any]) -> dict[str, Any]:
    hashed = manifest.get("logical_hash")
    return {
        "verdict_sha256": hashlib.sha256(pretty_json(verdict)).hexdigest(),
        "suite_hash": verdict.get("suite_hash"),
        "files": [
            {"name": name, "sha256": sha256, "bytes": _bytes(candidate.path / name)}
            for name, sha256 in sorted((verdict.get("digests") or {}).items())
        ],
        "logical_hash": hashed if isinstance(hashed, dict) else {"all": hashed},
        "extracts": manifest.get("extracts") or [],
        "code": manifest.get("code") or {},
        "lock_hash": manifest.get("lock_hash"),
        "engines": manifest.get("engines") or manifest.get("engine_versions") or {},
        "settings": manifest.get("settings") or {},
        "sources": manifest.get("sources") or {},
    }


def _bytes(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _row_counts(connection: duckdb.DuckDBPyConnection, candidate: Release) -> dict[str, int]:
    union = " union all ".join(
        f"select '{name}', count(*) from {identifier(name)}" for name in candidate.tables
    )
    return dict(connection.execute(union).fetchall()) if union else {}


def _from_tables(candidate: Release, parent: Release | None) -> dict[str, Any]:
    with connect(candidate, parent, with_meta=False) as connection:
        return {
            "row_counts": _row_counts(connection, candidate),
            "headline": figures.headline(connection, candidate),
            "revenue_by_channel_type": figures.revenue_by_channel_type(connection, candidate),
            "reconciliation": {
                "landing": reconcile.landing(connection, candidate),
                "facts": reconcile.landing_to_fact(connection, candidate),
                "marts": reconcile.fact_to_mart(connection),
            },
            "held_back": held.held_back(connection, candidate),
            "unlisted": unlisted(connection, candidate),
            "changes": changes.changes(connection, candidate, parent) if parent else None,
        }


def build_report(
    candidate_dir: Path,
    verdict: dict[str, Any],
    landing_summary: dict[str, Any],
    parent_release_dir: Path | None,
    manifest_draft: dict[str, Any],
) -> dict[str, Any]:
    """The report of one candidate; decimals, dates and the like are strings in it, so that it is plain JSON.

    Args:
        candidate_dir: staged Parquet files; may hold few or none when the run was refused early.
        verdict: content of verdict.json.
        landing_summary: what landing counted in this run.
        parent_release_dir: the release that was current before, if any.
        manifest_draft: the manifest as far as it is known; `release_id` is absent for a refused run.
    """
    published = verdict.get("verdict") == "pass"
    candidate = Release(str(manifest_draft.get("release_id") or candidate_dir.name), candidate_dir)
    parent = Release(parent_release_dir.name, parent_release_dir) if parent_release_dir else None
    tables = _from_tables(candidate, parent)
    if not candidate.tables:
        tables["reconciliation"]["landing"] = reconcile.landing_of_run(landing_summary)
        tables["held_back"] = held.held_back_in_run(landing_summary)
    report = {
        "format": FORMAT,
        "verdict": _verdict(verdict, published),
        "release": {
            "release_id": manifest_draft.get("release_id") if published else None,
            "parent_id": parent.release_id if parent else None,
            "as_of": verdict.get("as_of"),
        },
        "landing": _landing(landing_summary),
        "checks": checks(verdict, landing_summary),
        "evidence": _evidence(candidate, verdict, manifest_draft),
        **tables,
    }
    return dict(json.loads(canonical_json(report)))
