"""The gate: one verdict over exactly the bytes of a candidate.

It knows before anything runs which checks it expects: those of landing, dbt's data tests, the suites, and its
own. A check without an answer, an answer that nobody expected, a suite without expectations, a table without
rows: each refuses, as does every failure of a rule that blocks. What could not be judged is never a pass.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from quality.checks import ANSWERED, Check, Results, rows_of
from quality.commission import LEDGER, aside
from quality.dbt_checks import dbt_checks, dbt_results, read
from quality.refusals import changed_tables, counting_refusals, counts, refusals
from quality.suites.landed import landed_suites
from quality.suites.released import released_suites
from quality.suites.spec import Suite
from quality.waivers import apply as waive

PASS, REFUSED = "pass", "refused"


def own_checks(suites: list[Suite]) -> list[Check]:
    """What the gate checks itself: each released table is there and filled, each suite has expectations.

    Where there is a commission ledger, it is computed again.
    """
    found = []
    for suite in suites:
        rows = Check(f"G01.{suite.table}", "G01", "table_has_rows", "gate", suite.layer, suite.table)
        filled = Check(f"G02.{suite.table}", "G02", "suite_is_not_empty", "gate", suite.layer, suite.table)
        found += [rows, filled]
        if suite.table == LEDGER:
            found.append(
                Check(f"R06.{LEDGER}", "R06", "commission_is_recomputed", "gate", suite.layer, LEDGER)
            )
    return found


def expected(manifest: dict[str, Any], landing: Iterable[str]) -> list[str]:
    """Ids of all checks of a run, known before it: those of landing, dbt, the suites and the gate itself.

    Args:
        manifest: dbt's manifest.
        landing: Ids of the checks that landing is to make, from what the sources declare.
    """
    candidate = released_suites(manifest)
    ids = [*landing, *(check.check_id for check in dbt_checks(manifest).values())]
    ids += [one.check.check_id for suite in (*landed_suites(), *candidate) for one in suite.expectations]
    return ids + [check.check_id for check in own_checks(candidate)]


def digests(candidate: Path, pattern: str = "*") -> dict[str, str]:
    """SHA-256 of every file of the candidate, or of those whose name is like a pattern."""
    found = {}
    for path in sorted(candidate.glob(pattern)):
        with path.open("rb") as stream:
            found[path.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def suite_hash() -> str:
    """SHA-256 over everything that decides which checks there are and how hard they are."""
    total = hashlib.sha256()
    folder = Path(__file__).parent
    for path in sorted(
        [
            *folder.glob("suites/*"),
            *folder.glob("commission/*"),
            *folder.glob("*.py"),
            folder / "thresholds.yml",
        ]
    ):
        if path.is_file():
            total.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


class Staged(NamedTuple):
    """What came of a candidate's tables: their digests before, results, and suites that may be empty."""

    digests: dict[str, str]
    results: Results
    may_be_empty: list[str]


def judge_staged(request: dict[str, Any]) -> Staged:
    """Evaluate the suites over a candidate's tables. They can be judged while `mart.duckdb` is made of them.

    Args:
        request: The request of `evaluate`; its `landing` is not needed yet.
    """
    manifest = read(Path(request["dbt_manifest"]))
    suites = released_suites(manifest)
    candidate, landing = Path(request["candidate"]), Path(request["landing_root"])
    before = digests(candidate, "*.parquet")
    pay = _commission_check(suites, request)
    recomputation = aside.start(request) if pay else None
    found, rows, filled = _judge(
        suites, request["as_of"], landing=landing, candidate=candidate, manifest=manifest
    )
    results = [*found, *_own_results(suites, found, rows, filled)]
    if pay and recomputation:
        results.append(_commission_result(pay, *aside.answer(recomputation)))
    return Staged(before, results, [suite.table for suite in suites if _may_be_empty(suite, filled)])


def judge_landed(landing: Path, as_of: str) -> Results:
    """Evaluate the suites over the landed feeds. They can be judged while dbt works."""
    return _judge(landed_suites(), as_of, landing=landing)[0]


def _judge(
    suites: list[Suite],
    as_of: str,
    *,
    landing: Path | None = None,
    candidate: Path | None = None,
    manifest: dict[str, Any] | None = None,
) -> tuple[Results, dict[str, int], dict[str, list[str]]]:
    """Results of suites, rows of each view, and which feeds that a table needs are filled."""
    from quality.suites import ground, run

    with tempfile.TemporaryDirectory(prefix="weir_gate_") as folder:
        path = Path(folder) / "ground.duckdb"
        ground.prepare(path, landing, candidate, manifest or {"nodes": {}})
        rows = ground.relations(path)
        filled = ground.filled(path, {suite.table: suite.needs for suite in suites if suite.needs}, as_of)
        return run.evaluate(suites, path, rows, as_of), rows, filled


def _may_be_empty(suite: Suite, filled: dict[str, list[str]]) -> bool:
    return suite.may_be_empty or (bool(suite.needs) and not filled.get(suite.table))


def _own_results(
    suites: list[Suite],
    results: Results,
    rows: dict[str, int],
    filled: dict[str, list[str]],
) -> Results:
    answered = {one["check_id"] for one in results if one["status"] in ANSWERED}
    checks = {check.check_id: check for check in own_checks(suites)}
    found = []
    for suite in suites:
        has_rows, is_filled = checks[f"G01.{suite.table}"], checks[f"G02.{suite.table}"]
        found.append(_has_rows(has_rows, suite, rows.get(suite.relation), filled))
        count = len([one for one in suite.expectations if one.check.check_id in answered])
        observed = f"{count} of {len(suite.expectations)} expectations evaluated"
        status = "passed" if count and count == len(suite.expectations) else "failed"
        found.append(is_filled.result(status, observed=observed, count=int(status == "failed"), limit=">= 1"))
    return found


def _commission_check(suites: list[Suite], request: dict[str, Any]) -> Check | None:
    """R06, where there is a ledger."""
    check = next((one for one in own_checks(suites) if one.rule == "R06"), None)
    return check if (Path(request["candidate"]) / f"{LEDGER}.parquet").exists() else None


def _commission_result(check: Check, count: int, differences: list[tuple[str, str]]) -> dict[str, Any]:
    if not count and not differences:
        return check.result("not_applicable", observed="no row, and none is expected")
    told = f"{count} rows, {len(differences)} differ"
    observed = f"{told}; first: {differences[0][1]}" if differences else told
    keys = [key for key, _ in differences]
    status = "failed" if keys else "passed"
    return check.result(status, observed=observed, count=len(keys), keys=keys)


def _has_rows(check: Check, suite: Suite, count: int | None, filled: dict[str, list[str]]) -> dict[str, Any]:
    if count is None:
        return check.result("failed", observed="the candidate has no such table", count=1, limit=">= 1")
    if count:
        return check.result("passed", observed=rows_of(count), limit=">= 1")
    if _may_be_empty(suite, filled):
        return check.result("not_applicable", observed="0 rows, and no source fills the feeds that it needs")
    feeds = ", ".join(filled.get(suite.table) or ["nothing excuses it"])
    return check.result("failed", observed=f"0 rows, although there is {feeds}", count=1, limit=">= 1")


def evaluate(
    request: dict[str, Any], landed: Results | None = None, staged: Staged | None = None
) -> dict[str, Any]:
    """Judge a candidate.

    Args:
        request: run_id; as_of; candidate (folder); landing_root; landing ({checks: results, expected: ids});
            dbt_manifest, dbt_run_results and warehouse (paths); parent (folder of the release carried on), waivers
            (all of the home), definitions (those that the run overrides) and created_at (optional).
        landed: Results of the suites over landed feeds, if they were evaluated before.
        staged: What came of the candidate's tables, if they were judged before.

    Returns:
        The verdict: run_id, as_of, verdict, reasons, digests, checks (counts), results, empty_ok, suite_hash,
        created_at.
    """
    manifest = read(Path(request["dbt_manifest"]))
    judged = digests(Path(request["candidate"]))
    results = [_of_landing(one) for one in request["landing"]["checks"]]
    results += dbt_results(manifest, read(Path(request["dbt_run_results"])), Path(request["warehouse"]))
    results += judge_landed(Path(request["landing_root"]), request["as_of"]) if landed is None else landed
    staged = staged or judge_staged(request)
    results += staged.results
    ids = expected(manifest, request["landing"]["expected"])
    results += _not_run(ids, results)
    results, waivers = waive(results, request.get("waivers") or [], request["as_of"])
    reasons = [
        *refusals(results),
        *counting_refusals(ids, results, judged),
        *changed_tables(staged.digests, judged),
    ]
    return {
        "run_id": request["run_id"],
        "as_of": request["as_of"],
        "verdict": REFUSED if reasons else PASS,
        "reasons": reasons,
        "digests": judged,
        "checks": counts(ids, results),
        "results": results,
        "waivers": waivers,
        "empty_ok": staged.may_be_empty,
        "suite_hash": suite_hash(),
        "created_at": request.get("created_at") or datetime.now(UTC).isoformat(),
    }


def _of_landing(given: dict[str, Any]) -> dict[str, Any]:
    """A result of landing in the form of all results; severity is what thresholds.yml says."""
    names = ("check_id", "rule", "name", "layer", "table")
    check = Check(tool="landing", **{name: str(given.get(name, "")) for name in names})
    return {
        **given,
        **check.result(
            given["status"],
            observed=str(given.get("observed", "")),
            limit=str(given.get("limit", "")),
            count=int(given.get("failing_count") or 0),
            keys=given.get("failing_keys") or (),
            where=str(given.get("where", "")),
        ),
    }


def _not_run(ids: list[str], results: Results) -> Results:
    """A result `not_run` for each expected check that has none."""
    present = {one["check_id"] for one in results}
    missing = [check_id for check_id in ids if check_id not in present]
    return [
        Check(check_id, check_id.split(".")[0], check_id, "gate", "landing", "").result(
            "not_run", observed="expected, and no tool gave a result"
        )
        for check_id in missing
    ]


def write(verdict: dict[str, Any], path: Path) -> None:
    """Write a verdict, whole or not at all."""
    text = json.dumps(verdict, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(path)
