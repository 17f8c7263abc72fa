"""Expressions of a contract that raise for one row, or hide that they do: what tells that row from the others.

An expression that raises ends a statement for all rows; `try_cast` gives NULL and says nothing. DuckDB's TRY is NULL
where its expression raises, so `try((x) is null) is null` is true of exactly the rows for which x raises. An
expression with `try_cast` or `try` is held against itself with casts that raise: where it gives NULL and they would
have raised, a text that is not empty was lost.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from pipelines.landing.sql_tree import Node, expression, item, named, nodes, parsed, selects, spelled

_EMPTY_IS_ABSENT = "nullif(trim(cast(_text as varchar)), '')"
_CANNOT_BE_TRIED = {"WINDOW", "SUBQUERY", "STAR"}
_PLAIN = {"COLUMN_REF", "CONSTANT"}


class Mode(Enum):
    """How expressions run, in the order to try: hidden losses are told; as written; those that raise are told too."""

    HIDDEN = 0
    AS_WRITTEN = 1
    RAISING = 2


def _can_be_tried(node: Node) -> bool:
    if node["class"] in _PLAIN:
        return False
    return not any(
        one.get("class") in _CANNOT_BE_TRIED or one.get("function_name") == "unnest" for one in nodes(node)
    )


def _hides(node: Node) -> bool:
    return node.get("type") == "OPERATOR_TRY" or (node.get("class") == "CAST" and node.get("try_cast", False))


def _strict(tree: Any) -> Any:
    """A copy in which casts raise, but for an empty text, which is absent."""
    if isinstance(tree, list):
        return [_strict(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("type") == "OPERATOR_TRY":
        return _strict(tree["children"][0])
    copy = {name: _strict(value) for name, value in tree.items()}
    if _hides(tree):
        absent = item(_EMPTY_IS_ABSENT)
        text = next(one for one in nodes(absent) if one.get("column_names") == ["_text"])
        kept = copy["child"]
        text.clear()
        text |= kept
        copy |= {"try_cast": False, "child": absent}
    return copy


def fault(node: Node, mode: Mode) -> str | None:
    """SQL that is true of the rows that an expression loses; None if it can lose none, or cannot be tried."""
    if mode is Mode.AS_WRITTEN or not _can_be_tried(node):
        return None
    written = expression(node)
    found = [f"try(({written}) is null) is null"] if mode is Mode.RAISING else []
    if any(_hides(one) for one in nodes(node)):
        value = f"try({written})" if mode is Mode.RAISING else f"({written})"
        found.append(f"{value} is null and try(({expression(_strict(node))}) is null) is null")
    return " or ".join(f"({one})" for one in found) or None


def tried(node: Node) -> str:
    """SQL of an expression that is NULL where it raises; as it is if it cannot be tried."""
    written = expression(node)
    return f"try({written})" if _can_be_tried(node) else written


def statement(sql: str, mode: Mode) -> tuple[str, dict[str, str]]:
    """A statement that gives a column more for each expression of its last SELECTs that may lose rows.

    Returns:
        The statement, and by the name of each such column the name of the one that it tells of.
    """
    tree = parsed(sql)
    given = selects(tree)
    told: dict[str, str] = {}
    for number, node in enumerate(list(given[0]) if given else []):
        losses = [fault(select[number], mode) for select in given]
        if not named(node) or not any(losses):
            continue
        told[flag := f"_lost_{number}"] = named(node)
        for select, lost in zip(given, losses, strict=True):
            if lost and mode is Mode.RAISING:
                select[number] = {**item(tried(select[number])), "alias": select[number]["alias"]}
            select.append({**item(lost or "false"), "alias": flag})
    return (spelled(tree), told) if told else (sql, {})
