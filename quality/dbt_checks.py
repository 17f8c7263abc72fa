"""dbt's data tests as checks: which are expected, and what came of each.

Every data test carries `meta.rule` and a name that starts with the rule's id; one over several tables says in
`meta.table` what it is about, since dbt and Dagster hang it on one of them. dbt keeps its failing rows in a
table of the warehouse, key first; at most five of those keys are shown.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from quality.checks import MOST_KEYS, Check, rows_of

_LAYERS = {"staging": "landing", "intermediate": "core", "core": "core", "kpi": "mart"}
_PASSED = {"pass", "success"}
_FAILED = {"fail", "warn"}


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}


def _tested(node: dict[str, Any], manifest: dict[str, Any]) -> tuple[str, str]:
    """Table that a test is about, and its layer."""
    attached = node.get("attached_node") or next(
        (one for one in reversed(node["depends_on"]["nodes"]) if one.startswith("model.")), None
    )
    model = manifest["nodes"].get(attached or "") or {}
    layers = [_LAYERS[part] for part in model.get("fqn", []) if part in _LAYERS]
    return str(model.get("name", "")), layers[-1] if layers else "core"


def dbt_checks(manifest: dict[str, Any]) -> dict[str, Check]:
    """Every data test of the project by dbt's unique id. A test without a rule has rule `none`, which blocks."""
    found = {}
    for unique_id, node in sorted(manifest["nodes"].items()):
        if node["resource_type"] != "test" or not (node.get("config") or {}).get("enabled", True):
            continue
        table, layer = _tested(node, manifest)
        meta = _meta(node)
        rule, about = str(meta.get("rule") or "none"), str(meta.get("table") or "")
        found[unique_id] = Check(f"{rule}.dbt.{node['name']}", rule, node["name"], "dbt", layer, table, about)
    return found


def dbt_results(
    manifest: dict[str, Any], run_results: dict[str, Any], warehouse: Path
) -> list[dict[str, Any]]:
    """What dbt says of each of its tests, with the keys of failing rows from the warehouse that dbt has closed."""
    checks = dbt_checks(manifest)
    outcomes = {one["unique_id"]: one for one in run_results["results"]}
    results = []
    for unique_id, check in checks.items():
        outcome = outcomes.get(unique_id)
        if outcome is None:
            results.append(check.result("not_run", observed="dbt did not run this test"))
            continue
        node = manifest["nodes"][unique_id]
        results.append(_result(check, outcome, node, warehouse))
    return results


def _result(check: Check, outcome: dict[str, Any], node: dict[str, Any], warehouse: Path) -> dict[str, Any]:
    status, count = outcome["status"], int(outcome.get("failures") or 0)
    if status in _PASSED:
        return check.result("passed", observed="0 rows")
    if status not in _FAILED:
        observed = str(outcome.get("message") or status).strip()
        return check.result("not_run" if status == "skipped" else "error", observed=observed)
    relation = outcome.get("relation_name") or node.get("relation_name")
    keys, figures = failing(warehouse, relation) if relation else ([], "")
    return check.result(
        "failed",
        observed=f"{rows_of(count)}, first: {figures}" if figures else rows_of(count),
        count=count,
        keys=keys,
        where=f"warehouse table {relation}" if relation else "",
    )


def failing(warehouse: Path, relation: str) -> tuple[list[str], str]:
    """Of a table of failing rows: the first column, at most five values, and the numbers of the first row by name.

    Nothing if the table is not there. Texts other than keys are not told: a verdict has no personal data.
    """
    import duckdb

    if not warehouse.exists():
        return [], ""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            found = connection.execute(f"select * from {relation} limit {MOST_KEYS}")
        except duckdb.CatalogException:
            return [], ""
        names = [column[0] for column in found.description or []]
        rows = found.fetchall()
    told = [
        f"{name} {value}"
        for name, value in zip(names, rows[0] if rows else (), strict=False)
        if isinstance(value, int | Decimal) and not isinstance(value, bool)
    ]
    return [str(row[0]) for row in rows], ", ".join(told)


def read(path: Path) -> dict[str, Any]:
    """A dbt artefact; an empty one if dbt left none, so that every test of it counts as not run."""
    if not path.is_file():
        return {"nodes": {}, "results": []}
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document
