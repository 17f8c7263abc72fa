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


Sums = dict[tuple[int, str], tuple[Decimal, int]]


def _found(connection: duckdb.DuckDBPyConnection, column: str) -> Sums:
    """Sum of a column and its cells without a number, by extract and currency; `*` is all currencies."""
    rows = connection.execute(
        f"select _x, case when grouping(_currency) = 1 then '*' else _currency end, "
        f"coalesce(sum({quoted('w_' + column)}), 0), "
        f"count(*) filter (where _cell_fault like 'S09|{column} %') "
        "from typed group by grouping sets ((_x), (_x, _currency))"
    ).fetchall()
    return {(x, currency): (amount, unreadable) for x, currency, amount, unreadable in rows}


def _declared(extract: Extract) -> dict[str, dict[str, str]]:
    return (extract.declared or {}).get("sums") or {}


def control_faults(
    connection: duckdb.DuckDBPyConnection, typing: Typing, extracts: list[Extract]
) -> dict[int, str]:
    """`S04|...` for extracts of which a declared sum is not that of the rows read.

    A cell without a number counts as nothing.
    """
    columns = {name: column_of(typing, name) for extract in extracts for name in _declared(extract)}
    sums = {column: _found(connection, column) for column in set(columns.values()) if column}
    faults: dict[int, str] = {}
    for extract in extracts:
        for name, by_currency in _declared(extract).items():
            for currency, declared in by_currency.items():
                found = sums.get(columns[name] or "", {}).get((extract.x, currency), (Decimal(0), 0))
                if columns[name] and found[0] != Decimal(declared):
                    faults.setdefault(extract.x, _told(name, currency, declared, found))
    return faults


def _told(name: str, currency: str, declared: str, found: tuple[Decimal, int]) -> str:
    said = "" if currency == "*" else f" {currency}"
    more = f" ({found[1]} cells without a number)" if found[1] else ""
    return f"S04|{name}{said} is declared as {declared}, the rows add up to {found[0].normalize():f}{more}"
