"""Great Expectations over DuckDB: evaluates suites and says of each check what came of it.

An expectation that raised is an error, never a pass. Failing rows are told by their keys.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from quality.checks import MOST_KEYS, key_text
from quality.suites.spec import AS_OF, Expectation, Suite

_NOT_APPLICABLE = "no source fills this feed"


def _gx() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations
    import great_expectations.expectations

    return great_expectations


def warm_up() -> None:
    """Import what evaluating needs: seconds that pass while dbt works.

    What the imports made stays for good, so it is taken out of what the garbage collector walks again and again: an
    eighth of the processor time of the suites.
    """
    import quality.gx_duckdb  # noqa: F401

    _gx()
    gc.freeze()


def _expectation(one: Expectation, as_of: str) -> Any:
    gxe = _gx().expectations
    given: dict[str, Any] = {
        name: date.fromisoformat(as_of) if value == AS_OF else value for name, value in one.arguments.items()
    }
    meta = {"check_id": one.check.check_id}
    match one.kind:
        case "unique" if len(given["columns"]) == 1:
            return gxe.ExpectColumnValuesToBeUnique(column=given["columns"][0], meta=meta)
        case "unique":
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=given["columns"], meta=meta)
        case "not_null":
            return gxe.ExpectColumnValuesToNotBeNull(column=given["column"], meta=meta)
        case "in_set":
            return gxe.ExpectColumnValuesToBeInSet(
                column=given["column"], value_set=given["values"], meta=meta
            )
        case "between":
            return gxe.ExpectColumnValuesToBeBetween(
                column=given["column"], min_value=given.get("least"), max_value=given.get("most"), meta=meta
            )
        case _:
            return _table_expectation(one.kind, given, meta)


def _table_expectation(kind: str, given: dict[str, Any], meta: dict[str, Any]) -> Any:
    gxe = _gx().expectations
    match kind:
        case "greater":
            return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=given["later"],
                column_B=given["earlier"],
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta=meta,
            )
        case "column_set":
            return gxe.ExpectTableColumnsToMatchSet(column_set=given["columns"], exact_match=True, meta=meta)
        case "column_order":
            return gxe.ExpectTableColumnsToMatchOrderedList(column_list=given["columns"], meta=meta)
        case "no_rows":
            return gxe.UnexpectedRowsExpectation(unexpected_rows_query=given["query"], meta=meta)
    raise ValueError(f"{kind} is no kind of expectation")


def evaluate(suites: list[Suite], ground: Path, rows: dict[str, int], as_of: str) -> list[dict[str, Any]]:
    """Evaluate suites on the file that `ground.prepare` wrote; one result per check, in order.

    Args:
        suites: What to evaluate.
        ground: The DuckDB file with one view per table.
        rows: Rows of each of its views.
        as_of: Business date of the run.
    """
    gx = _gx()
    from quality.gx_duckdb import register

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    # It writes its whole configuration out as YAML for each table, which nobody reads: a tenth of the work.
    context._save_project_config = lambda: None
    source = context.data_sources.add_sql("weir", connection_string=f"{register()}:///{ground}")
    results: list[dict[str, Any]] = []
    for suite in suites:
        if suite.relation not in rows:
            results += [
                one.check.result("error", observed="there is no such table") for one in suite.expectations
            ]
        elif suite.layer == "landing" and rows[suite.relation] == 0:
            results += [
                one.check.result("not_applicable", observed=_NOT_APPLICABLE) for one in suite.expectations
            ]
        elif suite.expectations:
            results += _evaluate_one(gx, source, suite, rows[suite.relation], as_of)
    source.get_engine().dispose()
    return results


def _evaluate_one(gx: Any, source: Any, suite: Suite, rows: int, as_of: str) -> list[dict[str, Any]]:
    """Ask first only whether each expectation holds (one query answers most of a suite), then for rows that fail."""
    asset = source.add_table_asset(suite.relation, table_name=suite.relation)
    batch = asset.add_batch_definition_whole_table("whole").get_batch()
    holds = _validate(gx, batch, suite.expectations, {"result_format": "BOOLEAN_ONLY"}, as_of)
    failed = [one for one in suite.expectations if not holds.get(one.check.check_id, {}).get("success", True)]
    told = _told(gx, batch, suite, failed, as_of) if failed else {}
    results = []
    for one in suite.expectations:
        found = holds.get(one.check.check_id)
        if found and found["success"] and not _exception(found.get("exception_info") or {}):
            results.append(one.check.result("passed", observed=_held(one, rows)))
        else:
            results.append(_result(one, told.get(one.check.check_id, found)))
    return results


def _told(
    gx: Any, batch: Any, suite: Suite, failed: list[Expectation], as_of: str
) -> dict[str, dict[str, Any]]:
    """What does not hold, with its rows."""
    form: dict[str, Any] = {"result_format": "SUMMARY", "partial_unexpected_count": MOST_KEYS}
    if suite.keys:
        form["unexpected_index_column_names"] = list(suite.keys)
    # Only a complete result gives the rows of a query (200 at most); of the other kinds it would give all rows.
    queries = [one for one in failed if one.kind == "no_rows"]
    others = [one for one in failed if one.kind != "no_rows"]
    found = _validate(gx, batch, others, form, as_of) if others else {}
    return found | (_validate(gx, batch, queries, {"result_format": "COMPLETE"}, as_of) if queries else {})


def _validate(
    gx: Any, batch: Any, expectations: Iterable[Expectation], form: dict[str, Any], as_of: str
) -> dict[str, dict[str, Any]]:
    built = gx.ExpectationSuite(name="suite", expectations=[_expectation(one, as_of) for one in expectations])
    return {
        entry.expectation_config.meta["check_id"]: entry.to_json_dict()
        for entry in batch.validate(built, result_format=form).results
    }


def _held(one: Expectation, rows: int) -> str:
    """What was observed of an expectation that holds for the whole table."""
    if one.kind in ("column_set", "column_order"):
        return f"{len(one.arguments['columns'])} columns"
    return "0" if one.kind == "no_rows" else f"0 of {rows} rows"


def _result(one: Expectation, found: dict[str, Any] | None) -> dict[str, Any]:
    if found is None:
        return one.check.result("not_run", observed="Great Expectations gave no result")
    fault = _exception(found.get("exception_info") or {})
    if fault:
        return one.check.result("error", observed=fault)
    result = found.get("result") or {}
    count = int(result.get("unexpected_count") or 0) or len(_rows(result)) or 1
    return one.check.result(
        "failed", observed=_observed(result), count=count, keys=[key_text(row) for row in _rows(result)]
    )


def _exception(info: dict[str, Any]) -> str:
    if info.get("raised_exception"):
        return str(info.get("exception_message"))
    nested = [one for one in info.values() if isinstance(one, dict) and one.get("raised_exception")]
    return str(nested[0].get("exception_message")) if nested else ""


def _rows(result: dict[str, Any]) -> list[dict[str, Any]]:
    details = result.get("details") or {}
    rows = (
        result.get("partial_unexpected_index_list")
        or details.get("unexpected_rows")
        or result.get("partial_unexpected_list")  # dictionaries where a check is about several columns
        or []
    )
    if not rows and isinstance(details.get("mismatched"), list):
        rows = details["mismatched"]
    if not rows and isinstance(details.get("mismatched"), dict):
        rows = [{kind: ", ".join(names)} for kind, names in details["mismatched"].items()]
    return [row for row in rows if isinstance(row, dict)]


def _observed(result: dict[str, Any]) -> str:
    if "unexpected_count" in result:
        return f"{result['unexpected_count']} of {result.get('element_count')} rows"
    value = result.get("observed_value")
    return f"{len(value)} columns" if isinstance(value, list) else str(value)
