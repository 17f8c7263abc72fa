"""Rule S04: the sums that a file declares, against all rows read from it, exactly."""

from __future__ import annotations

from decimal import Decimal

import duckdb

from pipelines.landing.batch import Extract
from pipelines.landing.reshape import quoted
from pipelines.landing.typed import Typing


def column_of(typing: Typing, declared: str) -> str | None:
    """The canonical column that a declared sum is about: by its own name or by the file's."""
    if declared in typing.wides:
        return declared
    for one in typing.mapping.columns:
        if one.name in typing.wides and declared in (one.physical, *one.aliases):
            return one.name
    return None


def _found(
    connection: duckdb.DuckDBPyConnection, extract: Extract, column: str, currency: str
) -> tuple[Decimal, int]:
    where = "" if currency == "*" else " and _currency = ?"
    values: list[int | str] = [extract.x] if currency == "*" else [extract.x, currency]
    row = connection.execute(
        f"select coalesce(sum({quoted('w_' + column)}), 0), "
        f"count(*) filter (where _cell_fault like 'S09|{column} %') from typed where _x = ?{where}",
        values,
    ).fetchone()
    return (row[0], row[1]) if row else (Decimal(0), 0)


def control_fault(connection: duckdb.DuckDBPyConnection, typing: Typing, extract: Extract) -> str | None:
    """`S04|...` if a declared sum is not that of the rows read; a cell without a number counts as nothing."""
    for name, by_currency in ((extract.declared or {}).get("sums") or {}).items():
        column = column_of(typing, name)
        if column is None:
            continue
        for currency, declared in by_currency.items():
            found, unreadable = _found(connection, extract, column, currency)
            if found != Decimal(declared):
                said = "" if currency == "*" else f" {currency}"
                more = f" ({unreadable} cells without a number)" if unreadable else ""
                return f"S04|{name}{said} is declared as {declared}, the rows add up to {found.normalize():f}{more}"
    return None
