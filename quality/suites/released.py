"""Suites over the tables of a candidate: grain, columns and types, ranges, privacy.

What every table has follows from its dbt contract; what is particular to one stands in released.yml. A table
that stands there with nothing to check, or does not stand there at all, has an empty suite: the gate refuses
it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from quality.suites.spec import AS_OF, Suite, SuiteBuilder
from quality.yaml_file import read_yaml

FILE = Path(__file__).with_name("released.yml")
RELEASED_FOLDER = "marts"
_NOT_TEXT = ("_key", "_code", "_id", "_hash", "_status", "_type", "_month", "_quarter", "_period", "_state")
_KEYS_AND_CODES = {"row_id", "extract_id", "natural_key", "raw_hash", "sha256", "file_name", "currency"}


@cache
def declared() -> dict[str, dict[str, Any]]:
    """What released.yml says of each table."""
    document: dict[str, dict[str, Any]] = read_yaml(FILE)
    return document


def released_models(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Nodes of the models that are released, by name."""
    return {
        node["name"]: node
        for node in sorted(manifest["nodes"].values(), key=lambda one: str(one["name"]))
        if node["resource_type"] == "model" and RELEASED_FOLDER in node["fqn"][1:-1]
    }


def contract_columns(node: dict[str, Any]) -> dict[str, str | None]:
    """Columns of a model in order, with the type that its contract declares, as DuckDB spells it."""
    return {name: _spelled(column.get("data_type")) for name, column in (node.get("columns") or {}).items()}


def _spelled(kind: str | None) -> str | None:
    if not kind:
        return None
    plain = kind.lower().replace(" ", "")
    return {"string": "varchar", "text": "varchar", "int": "integer", "bool": "boolean"}.get(plain, plain)


def _scanned(columns: dict[str, str | None]) -> list[str]:
    return [
        name
        for name, kind in columns.items()
        if kind in ("varchar", None) and name not in _KEYS_AND_CODES and not name.endswith(_NOT_TEXT)
    ]


def _suite(name: str, node: dict[str, Any], said: dict[str, Any]) -> Suite:
    layer = "mart" if name.startswith("mart_") else "core"
    columns = contract_columns(node)
    grain = list(said.get("grain", ()))
    built = SuiteBuilder(name, layer)
    if said:
        _grain(built, grain)
        _contract(built, name, columns)
        _ranges(built, columns, said)
        scanned = _scanned(columns)
        if scanned:
            built.add("P04", "no_personal_data_in_text", "no_rows", query=_personal(grain, scanned))
    return Suite(
        table=name,
        relation=name,
        layer=layer,
        keys=tuple(grain),
        expectations=tuple(built.found),
        needs=dict(said.get("needs") or {}),
        may_be_empty=bool(said.get("may_be_empty")),
    )


def _grain(built: SuiteBuilder, grain: list[str]) -> None:
    if grain:
        built.add("M01", "grain_is_unique", "unique", columns=grain)
    for column in grain:
        built.add("M03", f"{column}_is_not_null", "not_null", column=column)


def _contract(built: SuiteBuilder, name: str, columns: dict[str, str | None]) -> None:
    built.add("M02", "columns_in_order", "column_order", columns=list(columns))
    query = (
        "select column_name, expected_type, found_type from released_drift"
        f" where table_name = '{name}' and (select count(*) from {{batch}}) >= 0"
    )
    built.add("M02", "types_of_the_contract", "no_rows", query=query)


def _ranges(built: SuiteBuilder, columns: dict[str, str | None], said: dict[str, Any]) -> None:
    if "as_of_date" in columns:
        # A fact with that column keeps what earlier releases said, each at its own date.
        least = AS_OF if built.table.startswith("mart_") else None
        built.add("M25", "as_of_date_is_the_run_s", "between", column="as_of_date", least=least, most=AS_OF)
    for rule, ranges in (said.get("ranges") or {}).items():
        for column, (least, most) in ranges.items():
            built.add(rule, f"{column}_in_range", "between", column=column, least=least, most=most)
    for rule, queries in (said.get("queries") or {}).items():
        for check, query in queries.items():
            built.add(rule, check, "no_rows", query=query)


def _personal(grain: list[str], scanned: list[str]) -> str:
    condition = " or ".join(f"looks_personal({column})" for column in scanned)
    shown = ", ".join(grain) or "count(*) over () as row_count"
    return f"select {shown} from {{batch}} where {condition}"


def _names() -> Suite:
    """Checks on the names of all released columns at once."""
    built = SuiteBuilder("released_columns", "mart")
    built.add("P01", "no_message_content", "no_rows", query=_named("is_message_content"))
    built.add("P02", "no_names_or_contacts", "no_rows", query=_named("is_restricted"))
    return Suite(
        "released_columns", "released_columns", "mart", ("table_name", "column_name"), tuple(built.found)
    )


def _named(macro: str) -> str:
    return f"select table_name, column_name from {{batch}} where {macro}(table_name, column_name)"


def released_suites(manifest: dict[str, Any]) -> list[Suite]:
    """One suite for each released table of this dbt project, and one over all column names."""
    models = released_models(manifest)
    suites = [_suite(name, node, declared().get(name) or {}) for name, node in models.items()]
    return [*suites, _names()]
