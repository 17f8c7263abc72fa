"""SQL as DuckDB's own parser reads it: statements to trees and back, without binding or running them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

Node = dict[str, Any]


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def parsed(sql: str) -> Any:
    """The tree of a SELECT; `error` is true, with `error_message`, for what is none."""
    row = _parser().execute("select json_serialize_sql(?)", [sql]).fetchone()
    return json.loads(row[0]) if row else {"error": True}


def spelled(tree: Node) -> str:
    """The SQL of a tree."""
    row = _parser().execute("select json_deserialize_sql(cast(? as json))", [json.dumps(tree)]).fetchone()
    assert row is not None
    return str(row[0])


def nodes(tree: Any) -> Iterator[Node]:
    """Every node of a tree, itself first."""
    if isinstance(tree, list):
        for one in tree:
            yield from nodes(one)
    elif isinstance(tree, dict):
        yield tree
        yield from nodes(list(tree.values()))


def columns(tree: Any) -> set[str]:
    """Names of the columns that a tree refers to, without their tables."""
    return {str(one["column_names"][-1]) for one in nodes(tree) if one.get("class") == "COLUMN_REF"}


def selects(tree: Node) -> list[list[Node]]:
    """What the outermost SELECTs give, one or those of a UNION ALL, as nodes that may be changed.

    Nothing where an item has no place of its own: of another set operation, or of a UNION ALL with a star.
    """
    found = _selects(tree["statements"][0]["node"])
    if len(found) > 1 and any(node["class"] == "STAR" for select in found for node in select):
        return []
    return found if len({len(select) for select in found}) == 1 else []


def _selects(node: Node) -> list[list[Node]]:
    if node["type"] == "SELECT_NODE":
        return [node["select_list"]]
    if node["type"] != "SET_OPERATION_NODE" or node["setop_type"] != "UNION" or not node["setop_all"]:
        return []
    left, right = _selects(node["left"]), _selects(node["right"])
    return [*left, *right] if left and right else []


def named(node: Node) -> str:
    """The name of what a SELECT gives; empty if only the engine knows it."""
    return str(node["alias"] or (node["column_names"][-1] if node["class"] == "COLUMN_REF" else ""))


def item(expression: str) -> Node:
    """The node of an expression."""
    return selects(parsed(f"select {expression}"))[0][0]


def expression(node: Node) -> str:
    """The SQL of such a node, without its alias."""
    tree = parsed("select 1")
    selects(tree)[0][:] = [{**node, "alias": ""}]
    return spelled(tree).removeprefix("SELECT ")
