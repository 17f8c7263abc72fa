"""What an expectation and a suite are, without Great Expectations: cheap to import, known before anything runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from quality.checks import Check

AS_OF = "{as_of}"  # stands for the business date of the run
KINDS = (
    "unique",
    "not_null",
    "between",
    "in_set",
    "greater",
    "column_set",
    "column_order",
    "no_rows",
)


@dataclass(frozen=True)
class Expectation:
    """One expectation. `kind` is one of KINDS, `arguments` what that kind needs."""

    check: Check
    kind: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Suite:
    """All expectations on one table.

    Attributes:
        table: The released table, or the landed feed.
        relation: Name of its view in the gate's file.
        layer: `landing`, `core` or `mart`.
        keys: Columns that tell a failing row.
        expectations: In order.
        needs: When the table may be empty: it must have rows only if one of these landed feeds has a row on
        or
            before as_of. The value is the feed's date column, or None if any row counts.
        may_be_empty: Whether it may be empty whatever landed.
    """

    table: str
    relation: str
    layer: str
    keys: tuple[str, ...]
    expectations: tuple[Expectation, ...]
    needs: dict[str, str | None] = field(default_factory=dict)
    may_be_empty: bool = False


class SuiteBuilder:
    """Collects the expectations on one table under unique check ids."""

    def __init__(self, table: str, layer: str) -> None:
        self.table = table
        self.layer = layer
        self.found: list[Expectation] = []

    def add(self, rule: str, name: str, kind: str, **arguments: Any) -> None:
        """One more expectation."""
        check_id = f"{rule}.{self.layer}.{self.table}.{name}"
        check = Check(check_id, rule, name, "gx", self.layer, self.table)
        self.found.append(Expectation(check, kind, arguments))
